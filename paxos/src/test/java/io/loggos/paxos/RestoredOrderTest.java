package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real cluster is restored from a snapshot with messages in flight: each comes once, in the order of its group.
 *
 * <p>The restore drill of the examples does it in all orders, in real processes.
 */
class RestoredOrderTest {
    private static final int NODES = 3;
    /** Messages of each node that are on their way at a time. */
    private static final int AT_ONCE = 20;

    @TempDir
    private Path directory;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    /**
     * A message of a node.
     *
     * @param number counts the messages of the sender, from 1
     * @param seen for each node, how many of its messages the sender had received
     */
    private record Entry(int sender, int number, List<Integer> seen) {
        static Entry of(String text) {
            List<Integer> numbers =
                    Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
            return new Entry(numbers.get(0), numbers.get(1), numbers.subList(2, numbers.size()));
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder().append(sender).append(' ').append(number);
            seen.forEach(each -> text.append(' ').append(each));
            return text.toString();
        }
    }

    /** Writes down what it receives, and answers its own messages with new ones. */
    private static final class Feed implements GroupListener, GroupState, Recorder {
        private final int self;
        private final List<Entry> entries = new ArrayList<>();
        private final Participant participant;
        private final Group group;
        private int sent;
        private boolean going;

        Feed(Node node, Ordering ordering, boolean stateful) {
            self = node.id().value();
            participant = node.participant("feed", this);
            GroupOptions.Builder options = GroupOptions.builder(ordering).executor(participant);
            group = node.join("feed", (stateful ? options.state(this) : options).build(), this);
        }

        void go() {
            participant.execute(() -> {
                going = true;
                for (int i = 0; i < AT_ONCE; i++) {
                    send();
                }
            });
        }

        private synchronized void send() {
            List<Integer> seen = new ArrayList<>();
            for (int node = 1; node <= NODES; node++) {
                int of = node;
                seen.add(
                        (int) entries.stream().filter(each -> each.sender == of).count());
            }
            try {
                group.multicast(Bytes.utf8(new Entry(self, sent + 1, seen).toString()));
                sent++;
            } catch (OverloadedException e) {
                going = false;
            }
        }

        @Override
        public synchronized void onMessage(NodeId from, Bytes message) {
            Entry entry = Entry.of(message.toUtf8());
            entries.add(entry);
            if (going && entry.sender == self) {
                send();
            }
        }

        @Override
        public synchronized Bytes record() {
            return Bytes.utf8(sent + "\n" + text());
        }

        private String text() {
            return String.join("\n", entries.stream().map(Entry::toString).toList());
        }

        @Override
        public synchronized void restore(Bytes state) {
            List<String> lines = state.toUtf8().lines().toList();
            sent = Integer.parseInt(lines.get(0));
            entries.addAll(lines.stream().skip(1).map(Entry::of).toList());
        }

        @Override
        public synchronized CheckpointWriter capture() {
            String captured = text();
            return target -> Files.writeString(target.resolve("entries"), captured);
        }

        @Override
        public synchronized void restore(Path source) throws IOException {
            entries.clear();
            Files.readString(source.resolve("entries")).lines().map(Entry::of).forEach(entries::add);
        }

        synchronized List<Entry> entries() {
            return List.copyOf(entries);
        }
    }

    private List<NodeBuilder> cluster(String name) {
        List<Integer> ports = FreePorts.draw(NODES);
        List<NodeBuilder> builders = new ArrayList<>();
        for (int id = 1; id <= NODES; id++) {
            NodeBuilder builder = Node.builder()
                    .clusterId(name)
                    .id(id)
                    .listen("127.0.0.1:" + ports.get(id - 1))
                    .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                    .dataDirectory(directory.resolve(name).resolve(Integer.toString(id)));
            for (int peer = 1; peer <= NODES; peer++) {
                if (peer != id) {
                    builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
                }
            }
            builders.add(builder);
        }
        return builders;
    }

    private List<Feed> open(List<NodeBuilder> builders, Ordering ordering, boolean stateful) {
        builders.forEach(builder -> nodes.add(builder.open()));
        List<Feed> feeds =
                nodes.stream().map(node -> new Feed(node, ordering, stateful)).toList();
        feeds.forEach(feed -> GroupNodes.within(() ->
                assertEquals(NODES, feed.group.view().orElseThrow().members().size())));
        return feeds;
    }

    private void closeAll() {
        nodes.forEach(Node::close);
        nodes.clear();
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Checks that each receiver has every message of every sender once, and in the order that was promised. */
    private static void check(List<Integer> sent, List<List<Entry>> received, Ordering ordering) {
        for (List<Entry> entries : received) {
            int[] seen = new int[NODES + 1];
            for (Entry entry : entries) {
                assertEquals(++seen[entry.sender], entry.number, () -> "of node " + entry.sender + " in " + entries);
                for (int node = 1; ordering.isCausal() && node <= NODES; node++) {
                    assertTrue(seen[node] >= entry.seen.get(node - 1), () -> entry + " comes before a cause");
                }
            }
            for (int node = 1; node <= NODES; node++) {
                assertEquals(sent.get(node - 1), seen[node]);
            }
            if (ordering.isTotal()) {
                assertEquals(received.get(0), entries);
            }
        }
    }

    private static List<Integer> sent(GlobalSnapshot cut) {
        return cut
                .states(
                        "feed",
                        state -> Integer.valueOf(
                                state.toUtf8().lines().findFirst().orElseThrow()))
                .values()
                .stream()
                .toList();
    }

    /** Messages that each node had received in the cut, and then what was in flight to it. */
    private static List<List<Entry>> received(GlobalSnapshot cut) {
        List<List<Entry>> received = new ArrayList<>();
        cut.states(
                        "feed",
                        state -> state.toUtf8().lines().skip(1).map(Entry::of).toList())
                .forEach((node, entries) -> {
                    List<Entry> all = new ArrayList<>(entries);
                    cut.inFlight("feed", message -> Entry.of(message.toUtf8())).stream()
                            .filter(each -> each.to().equals(node))
                            .forEach(each -> all.add(each.message()));
                    received.add(all);
                });
        return received;
    }

    private Path backup(List<Feed> feeds, Ordering ordering) {
        feeds.forEach(Feed::go);
        AtomicReference<GlobalSnapshot> found = new AtomicReference<>();
        GroupNodes.within(() -> {
            GlobalSnapshot cut = get(nodes.get(0).snapshot());
            assertFalse(cut.inFlight("feed").isEmpty());
            found.set(cut);
        });
        check(sent(found.get()), received(found.get()), ordering);
        Path backup = directory.resolve("backup");
        get(nodes.get(0).snapshots().export(found.get().id(), backup, SnapshotProgress.NONE));
        closeAll();
        return backup;
    }

    private void restores(Ordering ordering, boolean stateful) {
        Path backup = backup(open(cluster("shop"), ordering, stateful), ordering);
        List<NodeBuilder> staging = cluster("staging");
        staging.forEach(node -> Restore.from(backup).into(node.build()));
        List<Feed> feeds = open(staging, ordering, stateful);
        List<Integer> sent = sent(Restore.from(backup).open());
        GroupNodes.within(() -> check(sent, feeds.stream().map(Feed::entries).toList(), ordering));
        feeds.forEach(feed -> feed.participant.execute(feed::send));
        List<Integer> more = sent.stream().map(each -> each + 1).toList();
        GroupNodes.within(() -> check(more, feeds.stream().map(Feed::entries).toList(), ordering));
    }

    @Test
    void messagesInFlightComeOnceInTheOrderOfTheirGroup() {
        restores(Ordering.CAUSAL_TOTAL, false);
    }

    /** A newcomer takes over the state of another member, with the messages that this state lacks. */
    @Test
    void aStateAndTheMessagesThatItLacksGoTogether() {
        restores(Ordering.TOTAL, true);
    }

    @Test
    void aStateThatIsNotTakenOverStopsTheStartAndIsKept() {
        Path backup = backup(open(cluster("shop"), Ordering.FIFO, false), Ordering.FIFO);
        NodeBuilder first = cluster("staging").get(0);
        Restore.from(backup).into(first.build());
        Recorder broken = new Recorder() {
            @Override
            public Bytes record() {
                return Bytes.EMPTY;
            }

            @Override
            public void restore(Bytes state) {
                throw new AssertionError("no room");
            }
        };
        try (Node node = first.open()) {
            SnapshotException failure = assertThrows(SnapshotException.class, () -> node.participant("feed", broken));
            assertTrue(failure.getMessage().contains("no room"), failure::getMessage);
        }
        try (Node node = first.open()) {
            Feed feed = new Feed(node, Ordering.FIFO, false);
            assertTrue(feed.sent > 0);
        }
    }
}
