package io.loggos.benchmarks.commands.reads;

import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Loop;
import io.loggos.benchmarks.harness.workload.LoopWorkload;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.systems.loggos.HashingStateMachine;
import io.loggos.benchmarks.systems.loggos.LoggosCluster;
import io.loggos.benchmarks.systems.loggos.LoggosSystem;
import java.nio.file.Path;

/** Linearizable reads by read index at one replica of three nodes in this JVM, which are otherwise idle. */
public final class ReadWorkload implements LoopWorkload {
    /** Reads at the leader. */
    public static final Subject LEADER = subject("loggos-read-leader", "Loggos read, leader");
    /** Reads at a follower. */
    public static final Subject FOLLOWER = subject("loggos-read-follower", "Loggos read, follower");

    private final LoggosCluster cluster;
    private final ClosedLoop loop;

    /**
     * Opens the cluster.
     *
     * @param atLeader true to read at the leader, false at a follower
     */
    public ReadWorkload(Path directory, int inFlight, boolean atLeader, Measurement measurement) {
        cluster = new LoggosSystem().open(directory);
        Replica leader = cluster.leader();
        Replica replica = atLeader ? leader : cluster.follower();
        HashingStateMachine machine = cluster.machine(replica);
        loop = new ClosedLoop(
                inFlight,
                operation -> operation.endsWith(replica.read(Consistency.LINEARIZABLE, machine::state)),
                measurement);
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
