package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.MessageSizes;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReplicaTimer;
import io.loggos.paxos.core.model.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** One replica, node 1. The test plays its peers, disk and state machine. */
public final class Lone {
    public static final NodeId SELF = NodeId.of(1);
    public static final LogId LOG = LogId.ofName("lone");
    public static final long SESSION = 77;
    public static final long INCARNATION = 1;
    public static final long WALL_MILLIS = 5_000;
    /** A window of 4 slots, batches of one command of 100 bytes, an election timeout of 100 ns. */
    public static final Limits LIMITS = limits(4, 128, 2_000, 1 << 20);

    /** The limits of {@link #LIMITS}, with leases of 90 ns. */
    public static final Limits LIMITS_WITH_LEASES = limits(4, Long.MAX_VALUE, 128, 2_000, 90, 1 << 20);

    /** Returns limits with times as in {@link #LIMITS}. */
    public static Limits limits(int windowSlots, int batchBytes, long queueBytes, int frameBytes) {
        return limits(windowSlots, Long.MAX_VALUE, batchBytes, queueBytes, frameBytes);
    }

    /** Returns limits with times as in {@link #LIMITS}, and a bound of the open slots in bytes. */
    public static Limits limits(int windowSlots, long windowBytes, int batchBytes, long queueBytes, int frameBytes) {
        return limits(windowSlots, windowBytes, batchBytes, queueBytes, 0, frameBytes);
    }

    private static Limits limits(
            int windowSlots, long windowBytes, int batchBytes, long queueBytes, long leaseNanos, int frameBytes) {
        MessageSizes sizes = new MessageSizes(frameBytes);
        return new Limits(
                windowSlots,
                windowBytes,
                batchBytes,
                queueBytes,
                1_000_000,
                100_000,
                2,
                1_000,
                10,
                100,
                leaseNanos,
                10,
                sizes);
    }

    public final Recorder out = new Recorder();
    public final Limits limits;
    public final MultiPaxos core;
    /** True if all nodes are in contact with each other. */
    public boolean connected = true;

    private long now;
    private int delivered;

    public Lone(int voters) {
        this(voters, RecoveredLog.EMPTY, 0);
    }

    public Lone(int voters, RecoveredLog recovered, long checkpointSlot) {
        this(voters, SESSION, recovered, checkpointSlot);
    }

    /** Creates a replica. Each life has a session of its own. */
    public Lone(int voters, long session, RecoveredLog recovered, long checkpointSlot) {
        this(voters, session, recovered, checkpointSlot, LIMITS);
    }

    public Lone(int voters, long session, RecoveredLog recovered, long checkpointSlot, Limits limits) {
        this(voters, session, recovered, checkpointSlot, List.of(), limits);
    }

    /** Creates a replica that goes on with agreements to skip slots. */
    public Lone(
            int voters,
            long session,
            RecoveredLog recovered,
            long checkpointSlot,
            List<LogEntry> skips,
            Limits limits) {
        this.limits = limits;
        OpenedLog opened = OpenedLog.of(LOG, recovered, checkpointSlot, null);
        core = new MultiPaxos(
                SELF,
                LOG,
                session,
                new CurrentConfiguration(SELF, INCARNATION, voters(voters)),
                limits,
                opened,
                skips,
                new Graph(),
                new SplittableRandom(1),
                out);
        opened.firstWrites().forEach(out::persist);
        core.start(true, now, out);
        for (int peer = 2; peer <= voters; peer++) {
            takesPart(peer);
        }
        turn();
    }

    /** Lets a peer show that its replica takes part. */
    public void takesPart(int peer) {
        core.onMessage(NodeId.of(peer), new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 0, false), now, out);
    }

    public static Configuration voters(int count) {
        TreeSet<NodeId> members = new TreeSet<>();
        for (int i = 1; i <= count; i++) {
            members.add(NodeId.of(i));
        }
        return Configuration.initial(members);
    }

    /** Returns a batch with one command of another node. */
    public static Bytes batch(String payload) {
        return batch(9, 1, payload);
    }

    public static Bytes batch(long session, long sequence, String payload) {
        Submission command = new Submission(session, sequence, Bytes.utf8(payload), null, 0);
        return Batch.of(1_000, List.of(command), command.payload.size()).bytes();
    }

    public static PaxosMessage.Promise promise(Ballot ballot, LogEntry... accepted) {
        return new PaxosMessage.Promise(ballot, 0, 1, 0, true, List.of(accepted));
    }

    private final class Graph implements Connectivity {
        @Override
        public boolean connected(NodeId peer) {
            return connected || peer.equals(SELF);
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return connected;
        }
    }

    public long now() {
        return now;
    }

    /** Lets time pass without an event. */
    public void pass(long nanos) {
        now += nanos;
    }

    public void turn() {
        core.endTurn(now, WALL_MILLIS, out);
    }

    public void receive(int from, PaxosMessage message) {
        core.onMessage(NodeId.of(from), message, now, out);
        turn();
    }

    /** Lets time pass, after which the replica checks its waiting requests. */
    public void tick(long nanos) {
        now += nanos;
        core.onTimer(ReplicaTimer.TICK, now, out);
        turn();
    }

    public void propose(String payload) {
        submit(payload, payload);
        turn();
    }

    /** Gives the replica a command of this caller, without a turn. */
    public void submit(String payload, String caller) {
        core.propose(Bytes.utf8(payload), false, new NamedCaller(caller), now);
    }

    /** Gives the replica a read of this caller, without a turn. */
    public void read(String caller) {
        core.read(new NamedCaller(caller), false, now);
    }

    /** Gives the replica a read of this caller that a lease may serve, and ends the turn. */
    public void readByLease(String caller) {
        core.read(new NamedCaller(caller), true, now);
        turn();
    }

    /** Makes all writes durable, and delivers the messages to this node that waited for them. */
    public void sync() {
        while (delivered < out.sent.size()) {
            Recorder.Sent next = out.sent.get(delivered++);
            if (next.to().equals(SELF)) {
                core.onMessage(SELF, next.message(), now, out);
                turn();
            }
        }
    }

    /** Lets time pass until the replica becomes a candidate. Returns its ballot. */
    public Ballot campaign() {
        for (int ticks = 0; core.progress().phase() != Proposer.Phase.PREPARING; ticks++) {
            if (ticks > 100) {
                throw new AssertionError("does not campaign");
            }
            tick(limits.heartbeatNanos());
        }
        return core.progress().promised();
    }

    /** Makes the replica lead, with the promise of node 2 or alone. */
    public Ballot lead(LogEntry... acceptedByPeer) {
        Ballot ballot = campaign();
        sync();
        if (core.progress().phase() == Proposer.Phase.PREPARING) {
            receive(2, promise(ballot, acceptedByPeer));
        }
        if (core.progress().phase() != Proposer.Phase.LEADING) {
            throw new AssertionError("does not lead");
        }
        return ballot;
    }

    /** Makes the replica lead, with the first slot of its ballot chosen and applied. */
    public Ballot leadAndChoose() {
        Ballot ballot = lead();
        sync();
        receive(2, new PaxosMessage.Accepted(ballot, 1));
        applied(1);
        return ballot;
    }

    /** Reports that the state machine has applied all slots up to this one. */
    public void applied(long slot) {
        applied(slot, 0);
    }

    /** Reports that the state machine has applied all slots up to this one, and the log time behind it. */
    public void applied(long slot, long logTimeMillis) {
        core.onApplied(slot, logTimeMillis);
        turn();
    }

    /** Makes the replica follow the leader of this ballot. */
    public void follow(Ballot ballot) {
        receive(ballot.node(), new PaxosMessage.Prepare(ballot, 1));
        receive(ballot.node(), new PaxosMessage.Status(ballot, ballot, 0, 0, false));
    }

    /** Returns the commands of a batch. */
    public static List<String> commands(Bytes batch) {
        List<String> commands = new ArrayList<>();
        Batch.parse(batch).forEach((session, sequence, lowest, payload) -> commands.add(payload.toUtf8()));
        return commands;
    }
}
