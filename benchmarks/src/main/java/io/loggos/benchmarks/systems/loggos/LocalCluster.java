package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.Node;
import io.loggos.api.Replica;
import io.loggos.api.ReplicaOptions;
import io.loggos.api.Role;
import io.loggos.api.TimingOptions;
import io.loggos.api.spi.Meters;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Three nodes in this JVM, with as many logs as are asked for. For one thread. */
public final class LocalCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The three replicas of one log, by node. */
    public record Log(List<Replica> replicas, List<HashingStateMachine> machines) {
        /** The replica that leads; the first if none does. */
        public Replica leader() {
            return replicas.stream()
                    .filter(replica -> replica.status().role() == Role.LEADER)
                    .findFirst()
                    .orElse(replicas.get(0));
        }

        private boolean isLed() {
            return replicas.stream().anyMatch(replica -> replica.status().role() == Role.LEADER);
        }

        private boolean agrees() {
            List<Supplier<CommandHash.Value>> readers = new ArrayList<>();
            for (int i = 0; i < replicas.size(); i++) {
                Replica replica = replicas.get(i);
                HashingStateMachine machine = machines.get(i);
                readers.add(() -> machine.read(replica));
            }
            return Settlement.await(readers).stream().distinct().count() == 1;
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<Log> logs = new ArrayList<>();

    /** Opens the nodes. */
    public LocalCluster(NodeAddresses addresses, TimingOptions timing, Meters meters) {
        try {
            for (int id : NodeAddresses.ids()) {
                nodes.add(addresses.builder(id).timing(timing).meters(meters).open());
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens a log on all nodes. */
    public Log open(String name, ReplicaOptions options) {
        List<Replica> replicas = new ArrayList<>();
        List<HashingStateMachine> machines = new ArrayList<>();
        for (Node node : nodes) {
            HashingStateMachine machine = new HashingStateMachine();
            machines.add(machine);
            replicas.add(node.replicate(name, machine, options));
        }
        Log log = new Log(replicas, machines);
        logs.add(log);
        return log;
    }

    /** Waits until every log has a leader and has applied one command. */
    public void awaitLeaders() {
        await("there are logs without a leader", () -> logs.stream().allMatch(Log::isLed));
        List<CompletableFuture<?>> first = new ArrayList<>();
        logs.forEach(log -> first.add(log.leader().propose(Bytes.EMPTY)));
        CompletableFuture.allOf(first.toArray(CompletableFuture[]::new)).join();
    }

    /** Waits for the replicas that are behind, and returns whether all of a log hold the same. */
    public boolean agree() {
        return logs.stream().allMatch(Log::agrees);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }

    private void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TrialFailure(otherwise + ": " + describe());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private String describe() {
        return logs.stream()
                .filter(log -> !log.isLed())
                .limit(1)
                .flatMap(log -> log.replicas().stream())
                .map(replica -> replica.status().toString())
                .toList()
                .toString();
    }
}
