package io.loggos.paxos.sim;

import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.paxos.runtime.LoggosNode;
import io.loggos.paxos.sim.predicate.TestMachine;
import org.jspecify.annotations.Nullable;

/** The replica of one log on one node, over all its lives. */
public final class SimReplica {
    private static final long REOPEN_NANOS = 5_000_000;

    private final SimCluster cluster;
    private final SimNode node;
    private final SimLog log;
    private final SentMessages sent;
    private @Nullable Replica replica;
    private @Nullable TestMachine machine;
    /** Time that each command takes, in nanoseconds. */
    private long applyNanos;

    SimReplica(SimCluster cluster, SimNode node, SimLog log) {
        this.cluster = cluster;
        this.node = node;
        this.log = log;
        this.sent = new SentMessages(cluster, node, log);
    }

    public SimLog log() {
        return log;
    }

    SentMessages sent() {
        return sent;
    }

    /** True if it is open, so that clients can ask it. */
    public boolean isServing() {
        return replica != null;
    }

    /** The open replica. */
    public Replica replica() {
        if (replica == null) {
            throw new IllegalStateException(this + " is not open");
        }
        return replica;
    }

    /** Its state machine, while it is open. */
    public TestMachine machine() {
        if (machine == null) {
            throw new IllegalStateException(this + " is not open");
        }
        return machine;
    }

    @Nullable
    public ReplicaStatus status() {
        return replica == null ? null : replica.status();
    }

    boolean isHalted() {
        ReplicaStatus status = status();
        return status != null && status.halted() != null;
    }

    /** The last slot that its state machine has applied in this life, or 0. */
    long appliedSlot() {
        return machine == null ? 0 : machine.slot();
    }

    /** The log time of the last command applied in this life, or 0. */
    long logTimeMillis() {
        return machine == null ? 0 : machine.logTimeMillis();
    }

    /** Opens it in a life of its node. */
    void open(LoggosNode life) {
        TestMachine opened = new TestMachine(log.ghost(), node.id.value());
        replica = life.replicate(log.name(), opened, cluster.settings().replica());
        machine = opened;
        opened.whenApplied(() -> node.spend(applyNanos));
    }

    /** Its node is gone. */
    void lost() {
        replica = null;
        machine = null;
        applyNanos = 0;
    }

    /** Closes it, and the node goes on. What it has begun ends later. */
    public void close() {
        if (replica != null) {
            cluster.trace(node.id, () -> "closes its replica of " + log);
            replica.close();
            replica = null;
            machine = null;
        }
    }

    /** Opens it again, as soon as the node allows that. */
    public void reopen() {
        LoggosNode life = node.node();
        if (life == null || replica != null) {
            return;
        }
        try {
            open(life);
            cluster.trace(node.id, () -> "opens its replica of " + log + " again");
            cluster.note("replica reopened");
        } catch (IllegalStateException e) {
            cluster.note("replica not closed yet");
            cluster.time.after(REOPEN_NANOS, () -> {
                if (life.equals(node.node())) {
                    reopen();
                }
            });
        }
    }

    /** Lets each command of its state machine take so long. 0 for no time. */
    public void applyNanos(long nanos) {
        applyNanos = nanos;
    }

    @Override
    public String toString() {
        return log + " at " + node.id;
    }
}
