package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Three nodes in this JVM, with any number of logs. For one thread. */
public final class LocalCluster implements AutoCloseable {
    /** Replicas of one log and their state machines, by node. */
    public record Log(List<Replica> replicas, List<HashingStateMachine> machines) {
        /** Returns the replica that leads, or the first if none does. */
        public Replica leader() {
            return replicas.stream()
                    .filter(replica -> replica.status().role() == Role.LEADER)
                    .findFirst()
                    .orElse(replicas.get(0));
        }

        /** Returns the state of each replica, once all have applied as much as the furthest, or after a minute. */
        public List<CommandHash.Value> settledStates() {
            List<Supplier<CommandHash.Value>> readers = new ArrayList<>();
            replicas.forEach(replica -> readers.add(() -> machine(replica).read(replica)));
            return Settlement.await(readers);
        }

        /** Returns the state machine of a replica. */
        public HashingStateMachine machine(Replica replica) {
            return machines.get(replicas.indexOf(replica));
        }

        private boolean isLed() {
            return leader().status().role() == Role.LEADER;
        }
    }

    private final List<Node> nodes;
    private final List<Log> logs = new ArrayList<>();

    /**
     * Opens the nodes.
     *
     * @param directory an empty directory
     * @param options settings for the builder of each node
     */
    public LocalCluster(Path directory, UnaryOperator<NodeBuilder> options) {
        nodes = LoggosNodes.open(directory, options);
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

    /**
     * Waits until every log has a leader and has applied a command.
     *
     * @throws TrialFailure if that takes too long
     */
    public void awaitLeaders() {
        if (!Await.until(() -> logs.stream().allMatch(Log::isLed) && appliesEverywhere())) {
            throw new TrialFailure("there are logs without a leader: " + describe());
        }
    }

    /** Waits for the replicas that are behind, and tells if all replicas of each log hold the same. */
    public boolean agree() {
        return logs.stream()
                .allMatch(log -> log.settledStates().stream().distinct().count() == 1);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }

    private boolean appliesEverywhere() {
        List<CompletableFuture<?>> first = new ArrayList<>();
        logs.forEach(log -> first.add(log.leader().propose(Bytes.EMPTY)));
        try {
            CompletableFuture.allOf(first.toArray(CompletableFuture[]::new)).join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof LoggosException) {
                return false;
            }
            throw e;
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
