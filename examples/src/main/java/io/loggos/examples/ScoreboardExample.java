package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Total order: three scoreboards, each on a node in this JVM. All three referees change the score at the same time, in
 * ways whose order matters. All boards still show the same sequence of scores.
 */
public final class ScoreboardExample {
    private static final int NODES = 3;
    private static final int CALLS_EACH = 100;

    /** One copy of the scores. */
    private static final class Scoreboard implements GroupListener, AutoCloseable {
        private final Node node;
        private final Group game;
        private final TreeMap<String, Integer> points = new TreeMap<>();

        /** Checksum of all scores that the board has shown, in order. */
        private final CRC32C digest = new CRC32C();

        private final CountDownLatch gameIsOver = new CountDownLatch(NODES * CALLS_EACH);

        Scoreboard(Node node) {
            this.node = node;
            this.game = node.join("game", Ordering.TOTAL, this);
        }

        /**
         * Calls as the referee of this node: a goal for its own team, or, at each tenth call, half the points off the
         * leader.
         */
        void call(int number) {
            game.multicast(Bytes.utf8(number % 10 == 9 ? "penalty" : "goal team-" + node.id()));
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            String call = message.toUtf8();
            if (call.startsWith("goal ")) {
                points.merge(call.substring("goal ".length()), 1, Integer::sum);
            } else {
                points.entrySet().stream()
                        .max((a, b) -> Integer.compare(a.getValue(), b.getValue()))
                        .ifPresent(leader -> leader.setValue(leader.getValue() / 2));
            }
            digest.update(Bytes.utf8(points.toString()).toByteArray());
            gameIsOver.countDown();
        }

        /** Waits until all boards are in one view. */
        void awaitAll() {
            game.awaitView(view -> view.members().size() == NODES)
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();
        }

        @Override
        public String toString() {
            return points + ", digest " + Long.toHexString(digest.getValue());
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private ScoreboardExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-scoreboard-example");
        run(directory, System.out);
    }

    /** Returns the final text of each board. */
    static List<String> run(Path directory, PrintStream out) throws IOException, InterruptedException {
        List<Integer> ports = freePorts();
        List<Scoreboard> boards = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                boards.add(new Scoreboard(open(id, ports, directory)));
            }
            boards.forEach(Scoreboard::awaitAll);

            for (int call = 0; call < CALLS_EACH; call++) {
                for (Scoreboard board : boards) {
                    board.call(call);
                }
            }

            for (Scoreboard board : boards) {
                await(board.gameIsOver);
                out.println("board of node " + board.node.id() + ": " + board);
            }
            return boards.stream().map(Scoreboard::toString).toList();
        } finally {
            boards.forEach(Scoreboard::close);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("nothing happens");
        }
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("scoreboard-example")
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
