package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.Watch;
import io.loggos.snapshot.detect.Claim;
import io.loggos.snapshot.detect.ClaimMessage;
import io.loggos.snapshot.detect.ClaimMessage.Kind;
import io.loggos.snapshot.detect.Claims;
import io.loggos.snapshot.detect.Computation;
import io.loggos.snapshot.detect.Cycle;
import io.loggos.snapshot.detect.Deadlock;
import io.loggos.snapshot.draw.SpaceTimeDiagram;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A deadlock: each of three nodes in this JVM gives out one lock and runs one transaction. A transaction takes its own
 * node's lock first and its neighbour's second. All get the first and wait for the second for ever. No node alone can
 * see that. A watch finds it in a snapshot, and the diagram of that snapshot is written to a file.
 */
public final class LockManagerExample {
    private static final int NODES = 3;

    /** The lock of one node, and its transaction. Used only in its listener and its steps, which run on one thread. */
    private static final class Locks implements GroupListener, Recorder, AutoCloseable {
        private final Node node;
        private final Group group;
        private final Participant participant;
        private final CountDownLatch allAreThere = new CountDownLatch(1);
        private final CountDownLatch firstIsGranted = new CountDownLatch(1);

        /** The owner of this node's lock, followed by the nodes that wait for it. */
        private final ArrayDeque<NodeId> queue = new ArrayDeque<>();

        private final TreeSet<Integer> held = new TreeSet<>();
        private final TreeSet<Integer> awaited = new TreeSet<>();

        Locks(Node node) {
            this.node = node;
            this.participant = node.participant("locks", this);
            this.group = node.join("locking", Ordering.FIFO, this);
        }

        void lock(int number) {
            participant.execute(() -> {
                awaited.add(number);
                send(NodeId.of(number), Kind.REQUEST, node.id(), number);
            });
        }

        private void unlock(int number) {
            held.remove(number);
            send(NodeId.of(number), Kind.RELEASE, node.id(), number);
        }

        private void grant() {
            NodeId next = queue.element();
            send(next, Kind.GRANT, next, node.id().value());
        }

        private void send(NodeId to, Kind kind, NodeId owner, int number) {
            group.send(to, Bytes.utf8(kind + " " + claim(owner, number)));
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            switch (Kind.valueOf(message.toUtf8().split(" ", 2)[0])) {
                case REQUEST -> {
                    queue.add(from);
                    if (queue.size() == 1) {
                        grant();
                    }
                }
                case RELEASE -> {
                    queue.remove();
                    if (!queue.isEmpty()) {
                        grant();
                    }
                }
                case GRANT -> {
                    awaited.remove(from.value());
                    held.add(from.value());
                    firstIsGranted.countDown();
                    if (held.size() == 2) {
                        // The work of the transaction would be here. This line is never reached.
                        List.copyOf(held).forEach(this::unlock);
                    }
                }
            }
        }

        @Override
        public void onView(ViewChange change) {
            if (change.view().primary() && change.view().members().size() == NODES) {
                allAreThere.countDown();
            }
        }

        /** Returns a line for each lock that this node's transaction has or waits for. */
        @Override
        public Bytes record() {
            StringBuilder lines = new StringBuilder();
            held.forEach(number -> lines.append("held " + claim(node.id(), number) + "\n"));
            awaited.forEach(number -> lines.append("awaited " + claim(node.id(), number) + "\n"));
            return Bytes.utf8(lines.toString());
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private LockManagerExample() {}

    private static String claim(NodeId owner, int number) {
        return "transaction-" + owner.value() + " lock-" + number;
    }

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws Exception {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-lock-example");
        run(directory, System.out);
    }

    /** Returns the cycle that was found. Its diagram is in {@code deadlock.svg} in the directory. */
    static Cycle<String, String> run(Path directory, PrintStream out) throws Exception {
        List<Integer> ports = freePorts();
        List<Locks> nodes = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                nodes.add(new Locks(open(id, ports, directory)));
            }
            for (Locks locks : nodes) {
                await(locks.allAreThere);
            }
            for (int id = 1; id <= NODES; id++) {
                nodes.get(id - 1).lock(id);
            }
            for (Locks locks : nodes) {
                await(locks.firstIsGranted);
            }
            for (int id = 1; id <= NODES; id++) {
                nodes.get(id - 1).lock(id % NODES + 1);
            }

            Computation all = Computation.of(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)), "locks", "locking");
            Deadlock<String, String> deadlock =
                    new Deadlock<>(all, LockManagerExample::claims, LockManagerExample::message);
            try (Watch<Cycle<String, String>> watch = nodes.get(0).node.watch(deadlock, Duration.ofMillis(100))) {
                Watch.Found<Cycle<String, String>> found = watch.found().get(1, TimeUnit.MINUTES);
                out.println("snapshot " + found.cut().id() + " shows a deadlock:");
                out.println(found.value());
                Path picture = directory.resolve("deadlock.svg");
                SpaceTimeDiagram diagram = SpaceTimeDiagram.of(found.cut()).withDeadlock(found.value());
                Files.writeString(picture, diagram.toSvg());
                out.println("it is drawn in " + picture);
                return found.value();
            }
        } finally {
            nodes.forEach(Locks::close);
        }
    }

    private static Claims<String, String> claims(Bytes state) {
        List<Claim<String, String>> held = new ArrayList<>();
        List<Claim<String, String>> awaited = new ArrayList<>();
        state.toUtf8().lines().map(line -> line.split(" ", 3)).forEach(parts -> {
            (parts[0].equals("held") ? held : awaited).add(new Claim<>(parts[1], parts[2]));
        });
        return new Claims<>(held, awaited);
    }

    private static Optional<ClaimMessage<String, String>> message(Bytes message) {
        String[] parts = message.toUtf8().split(" ", 3);
        return Optional.of(ClaimMessage.of(Kind.valueOf(parts[0]), parts[1], parts[2]));
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nothing happens");
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("lock-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder.open();
    }

    /** Asks the system for free ports. An application would have fixed ports. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
