package io.loggos.examples.group;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.BufferedReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/**
 * One member. It multicasts numbers as soon as all members are in a primary view, and records each view and message.
 * After the first line of input it multicasts that it ends. Its record is complete when all members of the view have
 * done that. It runs until the end of its input.
 */
final class MemberProgram implements GroupListener {
    static final String END = "end";

    /** Largest number of this member's messages in flight. */
    private static final int UNDER_WAY = 20;

    private final NodeId self;
    private final int members;
    private final Writer record;
    private final Semaphore room = new Semaphore(0);
    private final TreeSet<NodeId> ended = new TreeSet<>();
    private List<NodeId> view = List.of();
    private boolean begun;
    private volatile boolean stopping;

    private MemberProgram(NodeId self, int members, Writer record) {
        this.self = self;
        this.members = members;
        this.record = record;
    }

    /** Takes id, data directory, record file, delivery, and the ports of all members. */
    public static void main(String[] arguments) throws IOException {
        int id = Integer.parseInt(arguments[0]);
        List<String> ports = List.of(arguments).subList(4, arguments.length);
        NodeBuilder builder = Node.builder()
                .clusterId("group-e2e")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(Path.of(arguments[1]));
        for (int peer = 1; peer <= ports.size(); peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        try (Node node = builder.open();
                Writer record = new FileWriter(arguments[2], StandardCharsets.UTF_8);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            MemberProgram member = new MemberProgram(node.id(), ports.size(), record);
            GroupOptions options = GroupOptions.builder(Ordering.FIFO_TOTAL)
                    .delivery(Delivery.valueOf(arguments[3]))
                    .build();
            Group group = node.join("e2e", options, member);
            Thread sender = new Thread(() -> member.send(group), "sender");
            sender.setDaemon(true);
            sender.start();
            while (input.readLine() != null) {
                member.stopping = true;
                member.room.release();
            }
        }
    }

    private void send(Group group) {
        try {
            for (int number = 0; !stopping; number++) {
                room.acquire();
                group.multicast(Bytes.utf8(Integer.toString(number)));
            }
            group.multicast(Bytes.utf8(END));
        } catch (LoggosException | InterruptedException e) {
            write("sender ended: " + e);
        }
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        String text = message.toUtf8();
        write("message " + from + " " + text);
        if (text.equals(END)) {
            ended.add(from);
            writeIfComplete();
        } else if (from.equals(self)) {
            room.release();
        }
    }

    @Override
    public void onView(ViewChange change) {
        view = change.view().members();
        write("view " + change.view());
        if (!begun && change.view().primary() && view.size() == members) {
            begun = true;
            room.release(UNDER_WAY);
        }
        writeIfComplete();
    }

    @Override
    public void onEvicted(String reason) {
        write("evicted: " + reason);
    }

    private void writeIfComplete() {
        if (ended.containsAll(view)) {
            write("complete");
        }
    }

    /** Writes a line at once, since this process may be killed at any time. Two threads call it. */
    private synchronized void write(String line) {
        try {
            record.write(line + "\n");
            record.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
