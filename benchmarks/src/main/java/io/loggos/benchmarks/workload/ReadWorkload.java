package io.loggos.benchmarks.workload;

import io.loggos.api.Consistency;
import io.loggos.api.Replica;
import java.nio.file.Path;

/** Linearizable reads by read index at one replica of three nodes in this JVM, which are otherwise idle. */
public final class ReadWorkload implements Workload {
    private final Cluster cluster;
    private final ClosedLoop loop;

    /**
     * Opens the cluster.
     *
     * @param atLeader whether to read at the leader, or at a follower
     */
    public ReadWorkload(Path directory, int inFlight, boolean atLeader, Measurement measurement) {
        cluster = Cluster.open(directory);
        Replica leader = cluster.leader();
        Replica replica = atLeader ? leader : cluster.follower();
        HashingStateMachine machine = cluster.machine(replica);
        loop = new ClosedLoop(
                inFlight,
                operation -> operation.endsWith(replica.read(Consistency.LINEARIZABLE, machine::state)),
                measurement);
    }

    @Override
    public void begin() {
        loop.begin();
    }

    @Override
    public void step() {
        loop.step();
    }

    @Override
    public void end() {
        loop.end();
    }

    @Override
    public Boolean verify() {
        return CommitWorkload.agree(cluster.settledStates(), 1, true);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
