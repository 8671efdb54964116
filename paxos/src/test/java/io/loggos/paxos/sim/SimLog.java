package io.loggos.paxos.sim;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.paxos.core.session.LogTime;
import io.loggos.paxos.sim.predicate.Ghost;
import io.loggos.paxos.sim.predicate.WatchedLog;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One replicated log of a cluster, with the ghost that judges it and what is known of it over all nodes. */
public final class SimLog {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String name;
    private final LogId id;
    private final Ghost ghost;
    private final Map<Ballot, Long> preparedFrom = new TreeMap<>();
    private long leaderChanges;
    private @Nullable NodeId lastLeader;
    private long firstLogTimeMillis;

    /**
     * An empty log.
     *
     * @param number the place of the log in its cluster, from 0
     */
    SimLog(int number, int nodes) {
        name = number == 0 ? SimNode.LOG_NAME : SimNode.LOG_NAME + "-" + (number + 1);
        id = LogId.ofName(name);
        ghost = new Ghost(nodes);
    }

    public String name() {
        return name;
    }

    public LogId id() {
        return id;
    }

    public Ghost ghost() {
        return ghost;
    }

    /** Notes that one of a node's checkpoints rots now. */
    void checkpointRots(int node, CheckpointStore checkpoints) {
        ghost.checkpointRots(
                node, WatchedLog.slotOf(checkpoints.newest(id)), WatchedLog.slotOf(checkpoints.previous(id)));
    }

    void prepares(Ballot ballot, long fromSlot) {
        preparedFrom.put(ballot, fromSlot);
    }

    /** Returns the slot from which on a ballot was prepared. */
    long preparedFrom(Ballot ballot) {
        return preparedFrom.getOrDefault(ballot, 1L);
    }

    /** Notes the node that is seen to lead. Returns true if it is another one than before. */
    boolean leads(NodeId leader) {
        boolean another = !leader.equals(lastLeader);
        lastLeader = leader;
        leaderChanges += another ? 1 : 0;
        return another;
    }

    /** Number of changes of the leader that is seen to lead. */
    long leaderChanges() {
        return leaderChanges;
    }

    /** SS-2: log time goes at most a tenth faster than time. */
    void checkLogTime(SimReplica replica, long nowNanos) {
        long logTime = replica.logTimeMillis();
        if (firstLogTimeMillis == 0) {
            firstLogTimeMillis = logTime;
        }
        long passed = nowNanos / NANOS_PER_MILLI;
        long slack = passed / LogTime.SLACK_DIVISOR + passed / LocalClock.RATE_ERROR_DIVISOR + 1;
        if (logTime > firstLogTimeMillis + passed + slack) {
            throw new Violation(
                    "SS-2",
                    replica + " has a log time of " + (logTime - firstLogTimeMillis) + " ms after " + passed + " ms");
        }
    }

    /** MP16: at most one node has a lease. While it has, no value is chosen in a higher ballot. */
    void checkLeases(List<SimNode> nodes) {
        Ballot held = Ballot.ZERO;
        for (SimNode node : nodes) {
            ReplicaStatus status = node.isUp() ? node.replica(this).status() : null;
            if (status == null || node.gauges().value("loggos.leased", "log", name) == 0) {
                continue;
            }
            if (!held.isZero()) {
                throw ghost.violate("MP16", "two leases, in ballots " + held + " and " + status.ballot());
            }
            held = status.ballot();
            if (ghost.highestChosenIn().isAbove(held)) {
                throw ghost.violate(
                        "MP16",
                        node.id + " has a lease in " + held + ", and a value is chosen in " + ghost.highestChosenIn());
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
