package io.loggos.examples.group.drill;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotProgress;
import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node in a group of each order, with money of its own. It records its views, what comes in a wrong place, and its state
 * when asked. It closes at the end of its input.
 *
 * <p>Input: {@code go}, {@code calm} (send no more), {@code export DIRECTORY} (of a snapshot with messages in flight),
 * {@code dump NUMBER} (record the state).
 */
final class DrillProgram implements Recorder {
    /** Long enough that a busy machine does not make a node suspect another one. */
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(3);

    /** Snapshots that are tried until each group has a message in flight. */
    private static final int MOST_SNAPSHOTS = 30;

    private final Node node;
    private final Writer record;
    private final Participant participant;
    private final List<DrillFeed> feeds = new ArrayList<>();
    private final DrillPurse purse;
    private final TreeMap<Ordering, DrillBook> books = new TreeMap<>();
    private @Nullable DrillState restored;

    private DrillProgram(Node node, Set<NodeId> all, boolean stateful, Writer record) {
        this.node = node;
        this.record = record;
        participant = node.participant("drill", this);
        for (Ordering ordering : Ordering.values()) {
            DrillBook book = restored == null ? new DrillBook(ordering) : restored.book(ordering);
            books.put(ordering, book);
            feeds.add(new DrillFeed(node, ordering, book, participant, all, stateful, this::write));
        }
        long money = restored == null ? DrillPurse.MINTED : restored.money();
        purse = new DrillPurse(node, money, participant, all, this::write);
    }

    /** Returns the options of a node, which both the process and the restore use. */
    static NodeOptions options(String cluster, int id, Path data, List<Integer> ports) {
        return builder(cluster, id, data, ports).build();
    }

    private static NodeBuilder builder(String cluster, int id, Path data, List<Integer> ports) {
        NodeBuilder builder = Node.builder()
                .clusterId(cluster)
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(ELECTION_TIMEOUT))
                .dataDirectory(data);
        for (int peer = 1; peer <= ports.size(); peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder;
    }

    /** Takes cluster, id, data directory, record file, whether groups have state, and the ports of all nodes. */
    public static void main(String[] arguments) throws Exception {
        int id = Integer.parseInt(arguments[1]);
        List<Integer> ports =
                Arrays.stream(arguments).skip(5).map(Integer::valueOf).toList();
        TreeSet<NodeId> all = new TreeSet<>();
        for (int node = 1; node <= ports.size(); node++) {
            all.add(NodeId.of(node));
        }
        try (Writer record = new FileWriter(arguments[3], StandardCharsets.UTF_8);
                Node node =
                        builder(arguments[0], id, Path.of(arguments[2]), ports).open();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            DrillProgram program = new DrillProgram(node, all, Boolean.parseBoolean(arguments[4]), record);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                program.run(line.split(" ", 2));
            }
        }
    }

    private void run(String[] words) throws Exception {
        switch (words[0]) {
            case "go", "calm" -> participant.execute(() -> go(words[0].equals("go")));
            case "export" -> export(Path.of(words[1]));
            case "dump" -> participant.execute(() -> write("dump " + words[1] + " " + state()));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void go(boolean on) {
        feeds.forEach(feed -> feed.go(on));
        purse.go(on);
    }

    private void export(Path directory) throws Exception {
        SnapshotId last = null;
        for (int tries = 0; tries < MOST_SNAPSHOTS; tries++) {
            GlobalSnapshot cut = node.snapshot().get(1, TimeUnit.MINUTES);
            last = cut.id();
            if (!cut.inFlight(DrillPurse.GROUP).isEmpty()
                    && Arrays.stream(Ordering.values())
                            .noneMatch(ordering ->
                                    cut.inFlight(DrillFeed.name(ordering)).isEmpty())) {
                break;
            }
        }
        GlobalSnapshot unused =
                node.snapshots().export(last, directory, SnapshotProgress.NONE).get(1, TimeUnit.MINUTES);
        write("exported");
    }

    private String state() {
        return new DrillState(books, purse.money()).toString();
    }

    @Override
    public Bytes record() {
        return Bytes.utf8(state());
    }

    @Override
    public void restore(Bytes state) {
        restored = DrillState.parse(state.toUtf8());
    }

    /** Writes a line at once, since this process may be killed at any time. Several threads call it. */
    private synchronized void write(String line) {
        try {
            record.write(line + "\n");
            record.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
