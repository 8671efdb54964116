package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.Node;
import io.loggos.api.NodeBuilder;
import io.loggos.api.Replica;
import io.loggos.api.ReplicaOptions;
import io.loggos.api.Role;
import io.loggos.api.TransportException;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Three nodes in this JVM, with real links on the loopback address and real stores, and one log. */
public final class LoggosCluster implements ReplicatedCluster {
    private static final int NODES = 3;
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final List<Node> nodes = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<HashingStateMachine> machines = new ArrayList<>();

    private @Nullable Replica leading;

    private LoggosCluster() {}

    /** Opens the nodes in empty directories below this one and returns once a command was applied. */
    static LoggosCluster open(Path directory, ReplicaOptions options) {
        LoggosCluster cluster = new LoggosCluster();
        try {
            cluster.openNodes(directory);
            for (Node node : cluster.nodes) {
                HashingStateMachine machine = new HashingStateMachine();
                cluster.machines.add(machine);
                cluster.replicas.add(node.replicate("bench", machine, options));
            }
            cluster.awaitFirstCommand();
            cluster.leading = cluster.leader();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** The replica that leads. */
    public Replica leader() {
        awaitTrue("no leader", () -> find(Role.LEADER) != null);
        Replica leader = find(Role.LEADER);
        if (leader == null) {
            throw new IllegalStateException("the leader is gone again");
        }
        return leader;
    }

    /** One that follows. */
    public Replica follower() {
        Replica follower = find(Role.FOLLOWER);
        if (follower == null) {
            throw new IllegalStateException("no replica follows: " + describe());
        }
        return follower;
    }

    /** The state machine beneath a replica. */
    public HashingStateMachine machine(Replica replica) {
        return machines.get(replicas.indexOf(replica));
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        Replica leader = leading;
        if (leader == null) {
            throw new IllegalStateException("not open");
        }
        operation.endsWith(leader.propose(Bytes.wrap(command)));
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        List<Supplier<CommandHash.Value>> readers = new ArrayList<>();
        replicas.forEach(replica -> readers.add(() -> machine(replica).read(replica)));
        return Settlement.await(readers);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }

    private void openNodes(Path directory) {
        for (int attempt = 1; ; attempt++) {
            int[] ports = freePorts();
            try {
                for (int i = 0; i < NODES; i++) {
                    nodes.add(builder(i, ports, directory.resolve("attempt-" + attempt))
                            .open());
                }
                return;
            } catch (TransportException e) {
                // Somebody else was faster to listen on one of the ports.
                nodes.forEach(Node::close);
                nodes.clear();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static NodeBuilder builder(int position, int[] ports, Path directory) {
        NodeBuilder builder = Node.builder().clusterId("benchmarks");
        for (int i = 0; i < NODES; i++) {
            String address = "127.0.0.1:" + ports[i];
            if (i == position) {
                builder.id(i + 1).listen(address).dataDirectory(directory.resolve("node-" + (i + 1)));
            } else {
                builder.peer(i + 1, address);
            }
        }
        return builder;
    }

    private static int[] freePorts() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket two = new ServerSocket(0, 1, loopback);
                ServerSocket three = new ServerSocket(0, 1, loopback)) {
            return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFirstCommand() {
        awaitTrue("the cluster does not come up", () -> {
            try {
                replicas.get(0).propose(Bytes.EMPTY).join();
                return true;
            } catch (CompletionException e) {
                if (e.getCause() instanceof LoggosException) {
                    return false;
                }
                throw e;
            }
        });
    }

    private void awaitTrue(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(otherwise + ": " + describe());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private @Nullable Replica find(Role role) {
        for (Replica replica : replicas) {
            if (replica.status().role() == role) {
                return replica;
            }
        }
        return null;
    }

    private String describe() {
        return nodes.stream().map(node -> node.status().toString()).toList().toString();
    }
}
