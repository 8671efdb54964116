package io.loggos.benchmarks.systems.consensus;

import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Loop;
import io.loggos.benchmarks.harness.workload.LoopWorkload;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Work;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * The commit path of any system: commands to the leader of three replicas, from one thread. An operation is over when
 * its command is durable on a majority and applied at the leader.
 */
public final class CommitWorkload implements LoopWorkload {
    private final ReplicatedCluster cluster;
    private final Measurement measurement;
    private final Loop loop;
    /** What was applied to show that the cluster is up. */
    private final long appliedBefore;

    /**
     * Opens the cluster.
     *
     * @param directory an empty directory on the disk that is to be measured
     * @param loop what drives the work that it is given
     */
    public CommitWorkload(
            ReplicatedSystem system,
            Path directory,
            int payloadBytes,
            Measurement measurement,
            Function<Work, Loop> loop)
            throws Exception {
        this.measurement = measurement;
        this.cluster = system.open(directory);
        try {
            measurement.countElsewhere(cluster::cpuNanosElsewhere, cluster::allocatedBytesElsewhere);
            this.appliedBefore = cluster.settledStates().get(0).commands();
            Commands commands = new Commands(payloadBytes);
            this.loop = loop.apply(operation -> cluster.submit(commands.next(), operation));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public Loop loop() {
        return loop;
    }

    /** All replicas must hold the same commands in the same order, and among them every one that succeeded. */
    @Override
    public Boolean verify() {
        boolean allSucceeded = measurement.errors() == 0 && measurement.refused() == 0;
        return agree(cluster.settledStates(), appliedBefore + loop.succeeded(), allSucceeded);
    }

    @Override
    public void close() {
        cluster.close();
    }

    /**
     * Whether these are the same state, with at least so many commands in it.
     *
     * @param exactly whether there may be no more
     */
    static boolean agree(List<CommandHash.Value> states, long commands, boolean exactly) {
        long applied = states.get(0).commands();
        return states.stream().distinct().count() == 1 && (exactly ? applied == commands : applied >= commands);
    }
}
