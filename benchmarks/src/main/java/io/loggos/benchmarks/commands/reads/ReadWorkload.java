package io.loggos.benchmarks.commands.reads;

import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Loop;
import io.loggos.benchmarks.harness.workload.LoopWorkload;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.systems.loggos.HashingStateMachine;
import io.loggos.benchmarks.systems.loggos.LoggosCluster;
import io.loggos.benchmarks.systems.loggos.LoggosSystem;
import java.nio.file.Path;

/** Reads by read index or by lease at one replica of three nodes in this JVM, which are otherwise idle. */
public final class ReadWorkload implements LoopWorkload {
    /** Reads at the leader. */
    public static final Subject LEADER = subject("loggos-read-leader", "Loggos read, leader");
    /** Reads by lease at the leader. */
    public static final Subject LEASE = subject("loggos-read-lease", "Loggos read by lease, leader");
    /** Reads at a follower. */
    public static final Subject FOLLOWER = subject("loggos-read-follower", "Loggos read, follower");

    private static final int MOST_DRIFT_PPM = 500;

    private final LoggosCluster cluster;
    private final ClosedLoop loop;

    /**
     * Opens the cluster. Its nodes state a bound for their clocks, which changes nothing but reads by lease.
     *
     * @param subject one of the subjects of this class
     */
    public ReadWorkload(Path directory, int inFlight, Subject subject, Measurement measurement) {
        TimingOptions timing =
                TimingOptions.builder().maxClockDriftPpm(MOST_DRIFT_PPM).build();
        cluster = new LoggosSystem(ReplicaOptions.defaults(), timing).open(directory);
        Replica leader = cluster.leader();
        Replica replica = subject.equals(FOLLOWER) ? cluster.follower() : leader;
        Consistency consistency = subject.equals(LEASE) ? Consistency.LEASE : Consistency.LINEARIZABLE;
        HashingStateMachine machine = cluster.machine(replica);
        loop = new ClosedLoop(
                inFlight, operation -> operation.endsWith(replica.read(consistency, machine::state)), measurement);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public Boolean verify() {
        return cluster.settledStates().stream().distinct().count() == 1;
    }

    @Override
    public void close() {
        cluster.close();
    }

    private static Subject subject(String name, String label) {
        return Subject.loggos(name, label, "reads write nothing");
    }
}
