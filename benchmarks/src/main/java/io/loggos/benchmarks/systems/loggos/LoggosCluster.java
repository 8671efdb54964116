package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Bytes;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Three nodes in this JVM, with real links on the loopback address and real stores, and one log. */
public final class LoggosCluster implements ReplicatedCluster {
    private final LocalCluster cluster;
    private final LocalCluster.Log log;
    private final Replica leader;

    private LoggosCluster(LocalCluster cluster, LocalCluster.Log log) {
        this.cluster = cluster;
        this.log = log;
        this.leader = log.leader();
    }

    /** Opens the nodes below an empty directory and returns once a command was applied. */
    static LoggosCluster open(Path directory, ReplicaOptions options) {
        return open(directory, options, UnaryOperator.identity());
    }

    /**
     * Opens the nodes below an empty directory and returns once a command was applied.
     *
     * @param node settings for each builder
     */
    static LoggosCluster open(Path directory, ReplicaOptions options, UnaryOperator<NodeBuilder> node) {
        LocalCluster cluster = new LocalCluster(directory, node);
        try {
            LocalCluster.Log log = cluster.open("bench", options);
            cluster.awaitLeaders();
            return new LoggosCluster(cluster, log);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Returns the replica that leads. */
    public Replica leader() {
        return leader;
    }

    /** Returns a replica that follows. */
    public Replica follower() {
        return log.replicas().stream()
                .filter(replica -> replica.status().role() == Role.FOLLOWER)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no replica follows"));
    }

    /** Returns the state machine of a replica. */
    public HashingStateMachine machine(Replica replica) {
        return log.machine(replica);
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        operation.endsWith(leader.propose(Bytes.wrap(command)));
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        return log.settledStates();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
