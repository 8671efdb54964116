package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.StateMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A state machine of one's own: a counter on three nodes in this JVM. Each node counts, one is closed and opened again,
 * and in the end all agree.
 */
public final class CounterExample {
    private static final int NODES = 3;

    /** Adds the number in each command to a sum. It is deterministic, because its state depends on commands only. */
    static final class Counter implements StateMachine {
        private long sum;

        @Override
        public Bytes apply(Command command) {
            sum += command.payload().asByteBuffer().getLong();
            return encode(sum);
        }

        /** Captures the sum now. The writer may run later, while more commands are applied. */
        @Override
        public CheckpointWriter checkpoint() {
            byte[] captured = encode(sum).toByteArray();
            return directory -> Files.write(directory.resolve("sum"), captured);
        }

        @Override
        public void restore(Path directory) throws IOException {
            sum = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("sum"))).getLong();
        }

        /** Returns the sum. Only {@link Replica#read} calls it, between two commands. */
        long sum() {
            return sum;
        }
    }

    /** A node with its replica of the counter. */
    private record Member(Node node, Counter counter, Replica replica) implements AutoCloseable {
        /** Proposes to add; completes with the new sum once the command is durable on a majority and applied. */
        CompletableFuture<Long> add(long amount) {
            return replica.propose(encode(amount))
                    .thenApply(result -> result.value().asByteBuffer().getLong());
        }

        /** Reads the sum. It includes every command that was acknowledged to any client before. */
        long read() {
            return replica.read(Consistency.LINEARIZABLE, counter::sum).join().value();
        }

        @Override
        public void close() {
            node.close();
        }
    }

    private CounterExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-counter-example");
        run(directory, System.out);
    }

    /** Returns the sum that all nodes agree on. */
    static long run(Path directory, PrintStream out) throws IOException {
        List<Integer> ports = freePorts();
        List<Member> members = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                members.add(open(id, ports, directory));
            }
            for (Member member : members) {
                out.println("node " + member.node().id() + " adds 10, and the sum is "
                        + member.add(10).join());
            }

            // Two of three nodes are a majority, so they continue without this one.
            members.remove(2).close();
            out.println("without node 3, node 1 adds 100, and the sum is "
                    + members.get(0).add(100).join());

            // The node finds its data again, fetches the missing commands, and takes part again.
            members.add(open(3, ports, directory));
            out.println("node 3 is back and adds 1, and the sum is "
                    + members.get(2).add(1).join());

            long sum = members.get(0).read();
            for (Member member : members) {
                if (member.read() != sum) {
                    throw new IllegalStateException("the nodes disagree");
                }
            }
            out.println("all nodes read " + sum);
            return sum;
        } finally {
            members.forEach(Member::close);
        }
    }

    private static Member open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("counter-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        Node node = builder.open();
        Counter counter = new Counter();
        return new Member(node, counter, node.replicate("counter", counter));
    }

    private static Bytes encode(long number) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
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
