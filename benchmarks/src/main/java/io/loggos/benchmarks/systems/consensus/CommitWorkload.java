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
 * Commit path of any system: commands to the leader of three replicas, from one thread. An operation completes when its
 * command is durable on a majority and applied at the leader.
 */
public final class CommitWorkload implements LoopWorkload {
    private final ReplicatedCluster cluster;
    private final Measurement measurement;
    private final Loop loop;
    /** Commands that were applied while the cluster was opened. */
    private final long appliedBefore;

    /**
     * Opens the cluster.
     *
     * @param directory an empty directory on the disk that is to be measured
     * @param loop creates the loop that drives the given work
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

    /** Tells if all replicas hold the same commands in the same order, including all that succeeded. */
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
     * Tells if the states are the same, with at least so many commands.
     *
     * @param exactly true if there may be no more commands
     */
    static boolean agree(List<CommandHash.Value> states, long commands, boolean exactly) {
        long applied = states.get(0).commands();
        return states.stream().distinct().count() == 1 && (exactly ? applied == commands : applied >= commands);
    }
}
