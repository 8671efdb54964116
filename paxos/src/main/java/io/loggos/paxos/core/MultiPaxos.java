package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.model.ReplicaTimer;
import io.loggos.paxos.core.model.TransferCaller;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.Process;
import io.loggos.paxos.core.process.TimerId;
import io.loggos.paxos.core.request.Reads;
import io.loggos.paxos.core.request.Submissions;
import io.loggos.paxos.core.skip.Skips;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one log: Multi-Paxos (Lamport, <i>Paxos Made Simple</i>, section 3).
 *
 * <p>The roles of the paper are {@link Proposer}, {@link Acceptor} and {@link Learner}. {@link Election} and {@link
 * Leadership} tell when the proposer begins and ends. {@link Submissions} and {@link Reads} hold the requests of callers,
 * and {@link RequestRouting} brings them to the leader. {@link ApplyFeed} hands chosen batches to the state machine.
 *
 * <p>This class passes each event to the role that it concerns, and {@link PeerMessages} each message. At the end of a
 * turn of the node's loop ({@link #endTurn}) the roles act on the events.
 */
public final class MultiPaxos implements Process<PaxosMessage, LogRecord> {
    private final Limits limits;
    private final CurrentConfiguration configuration;
    private final Roles roles;
    /** True once what it begins with is durable (RULES.md O-1). Before that it sends nothing, and keeps requests. */
    private boolean started;
    /** True once it takes no part any more, but for {@link Skips}. */
    private boolean retired;

    private long tickAtNanos = Long.MAX_VALUE;
    /** True if the tick timer has run out in this turn. */
    private boolean ticked;

    /**
     * Creates a replica from the contents of its disk.
     *
     * @param session a random number of this life
     * @param opened the facts that this life begins with; {@link #start} follows once its first writes are durable
     * @param skips the entries of {@link Skips#recordsOf the log beside this one}
     */
    public MultiPaxos(
            NodeId self,
            LogId log,
            long session,
            CurrentConfiguration configuration,
            Limits limits,
            OpenedLog opened,
            List<LogEntry> skips,
            Connectivity connectivity,
            RandomGenerator random,
            Effects effects) {
        this.limits = limits;
        this.configuration = configuration;
        roles = new Roles(self, log, session, configuration, limits, opened, skips, connectivity, random, effects);
    }

    /** Sets the configuration in which this replica begins, because its disk has nothing. Before {@link #start}. */
    public void standIn(Configuration beginning, Outbox<PaxosMessage, LogRecord> out) {
        configuration.standIn(beginning);
        roles.digests.onConfiguration();
        if (beginning.number() > 1) {
            roles.learner.enter(beginning, out);
        }
    }

    /** Goes on in a configuration, because nothing was chosen in the present one. */
    public void enter(Configuration next, long now, Outbox<PaxosMessage, LogRecord> out) {
        roles.reconfiguration.enterInstalled(next, now, out);
    }

    /** Begins to take part. */
    public void start(boolean isFormed, long now, Outbox<PaxosMessage, LogRecord> out) {
        started = true;
        if (isFormed) {
            configuration.form();
        }
        roles.election.start(now);
        roles.grant.start(now);
        roles.reports.resyncWithAll(out);
    }

    /** Begins to vote, because every peer has stored this node's incarnation. */
    public void onFormed(Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.mayVote()) {
            configuration.form();
            roles.leadership.reconsider();
            roles.reports.resyncWithAll(out);
        }
    }

    /** True if this node's store is a member of the log's configuration, and all others know it as that. */
    public boolean isFormed() {
        return configuration.isMember();
    }

    /** The configuration of the slots behind those that are learned here. */
    public Configuration configuration() {
        return configuration.get();
    }

    /** Sets the configuration in which this log shall stand. The leader ends the present one with a stop-sign. */
    public void aim(Configuration target) {
        roles.reconfiguration.aim(target);
    }

    /**
     * Takes a command. {@link Effects#apply} or {@link Effects#fail} answers its caller.
     *
     * @param named true if the payload begins with the id of the caller
     */
    public void propose(Bytes payload, boolean named, CommandCaller caller, long now) {
        roles.submissions.submit(payload, named, caller, now);
    }

    /**
     * Takes a linearizable read. {@link Effects#runReads} or {@link Effects#fail} answers its caller.
     *
     * @param byLease true if the leader may answer from its lease
     */
    public void read(ReadCaller caller, boolean byLease, long now) {
        (byLease && limits.leaseNanos() > 0 ? roles.readsByLease : roles.reads).submit(caller, now);
    }

    /** Takes a read that must see all slots up to this one. It asks no other node. */
    public void readBehind(ReadCaller caller, long slot, long now) {
        roles.slotReads.submit(caller, slot, now);
    }

    /**
     * Hands the leadership over, if this replica leads. {@link Effects#transferEnded} tells the end.
     *
     * @param target the replica that shall lead; null for any that has learned almost everything
     * @param patienceNanos the time after which this replica goes on as the leader, at most an election timeout
     */
    public void transfer(
            @Nullable NodeId target,
            TransferCaller caller,
            long patienceNanos,
            long now,
            Outbox<PaxosMessage, LogRecord> out) {
        roles.transfer.begin(target, caller, patienceNanos, now, out);
    }

    /** The agreement to skip slots, also after {@link #retire}. */
    public Skips skips() {
        return roles.skips;
    }

    public boolean leads() {
        return roles.proposer.leads();
    }

    /** Reports a change in the connectivity of nodes. */
    public void onConnectivity() {
        roles.leadership.reconsider();
    }

    /** Reports a view of the nodes that are up, which may be wrong. */
    public void onView(List<NodeId> members, long now) {
        roles.election.onView(members, now);
        roles.leadership.reconsider();
    }

    /** Sends a peer this replica's status and open messages again, because earlier ones may be lost. */
    public void onOutgoingReset(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        roles.skips.sendTo(peer, out); // Before any slot that the peer must not apply.
        if (retired) {
            return;
        }
        roles.routing.onLinkReset();
        roles.reports.resyncWith(peer, out);
        roles.proposer.resendTo(peer, out);
        roles.digests.sendTo(peer, out);
        roles.transfer.resendTo(peer, out);
    }

    /** Forgets the status and reads of a peer, because messages from it may be lost. */
    public void onIncomingReset(NodeId peer, long now) {
        roles.election.forget(peer, now);
        roles.readIndex.forget(peer);
        roles.leadership.reconsider();
    }

    /** Takes the entries that {@link Effects#readLog} asked for. */
    public void onLogRead(
            @Nullable NodeId requester, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        if (requester == null) {
            roles.feed.onLogRead(fromSlot, entries);
        } else {
            roles.learner.onLogRead(requester, fromSlot, entries, out);
        }
    }

    /** Reports that the state machine has applied all slots up to this one, and the log time behind it. */
    public void onApplied(long slot, long logTimeMillis) {
        roles.feed.onApplied(slot);
        roles.skips.applied(slot);
        roles.proposer.onApplied(slot, logTimeMillis);
    }

    /** Takes the digests of this replica behind slots that its state machine has applied. */
    public void onMarks(List<DigestMark> marks, long now, Outbox<PaxosMessage, LogRecord> out) {
        roles.digests.onApplied(marks, now, out);
    }

    /**
     * Truncates the log, because a checkpoint of this replica is durable and verified.
     *
     * @param slot the slot of the checkpoint
     * @param keptSlot the slot of the oldest checkpoint that is kept; the log is kept from there
     */
    public void onCheckpoint(long slot, long keptSlot, Outbox<PaxosMessage, LogRecord> out) {
        roles.learner.onCheckpoint(slot, Math.min(keptSlot, roles.learner.through() - limits.retainedSlots()) + 1, out);
    }

    /**
     * Goes on behind a fetched checkpoint, which is durable and verified, and which the state machine has restored.
     *
     * @param ofSlotsBehind the configuration of the slots behind the checkpoint; null if it is the first one
     */
    public void onCheckpointInstalled(
            long slot, @Nullable Configuration ofSlotsBehind, long now, Outbox<PaxosMessage, LogRecord> out) {
        roles.learner.onCheckpointInstalled(slot, out);
        roles.reconfiguration.enterInstalled(ofSlotsBehind, now, out);
        roles.feed.onCheckpointInstalled(slot);
        roles.skips.restored(slot);
        roles.digests.onCheckpointInstalled();
    }

    /**
     * Reports that a checkpoint could not be fetched.
     *
     * @param progressed true if a part of it came, which stays for the next attempt
     */
    public void onCheckpointMissed(boolean progressed, long now) {
        roles.learner.onCheckpointMissed(progressed, now);
    }

    /** Lowers the limit of chosen batches kept in memory. */
    public void cacheAtMost(long bytes) {
        roles.learner.cacheAtMost(bytes);
    }

    /**
     * Stops taking part: tells the others, and fails all calls that wait.
     *
     * @param haltedAt the slot at which the state machine has thrown. Then this replica still takes part in the agreement
     *     to skip it. 0 if it has not thrown
     */
    public void retire(long haltedAt, Outbox<PaxosMessage, LogRecord> out) {
        retired = true;
        if (haltedAt == 0) {
            roles.skips.abandon();
        } else {
            roles.skips.haltedAt(haltedAt, out);
        }
        roles.transfer.abandon();
        if (started) {
            if (roles.proposer.leads()) {
                roles.lease.giveUp(roles.proposer.ballot(), out);
            }
            roles.proposer.stepDown();
            roles.reports.reportRetirement(out);
        }
        roles.expire(Long.MAX_VALUE);
    }

    @Override
    public void onMessage(NodeId from, PaxosMessage message, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!retired) {
            if (started) {
                message.dispatch(from, now, out, roles.messages);
                roles.reconfiguration.enterLearned(now, out);
            }
        } else {
            onMessageForSkips(from, configuration.number(), message, out);
        }
    }

    /** Takes a message of a peer in the configuration with this number, which may be a member of this replica's. */
    public void onMessage(
            NodeId from,
            long number,
            boolean isMember,
            PaxosMessage message,
            long now,
            Outbox<PaxosMessage, LogRecord> out) {
        if (!retired) {
            if (started) {
                roles.messages.take(from, number, isMember, message, now, out);
                roles.reconfiguration.enterLearned(now, out);
            }
        } else {
            onMessageForSkips(from, number, message, out);
        }
    }

    /** A replica that has halted at a slot takes part in the agreement to skip it, and in nothing else. */
    private void onMessageForSkips(
            NodeId from, long number, PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        if (message instanceof PaxosMessage.Skip skip) {
            roles.messages.onSkip(from, number, skip, out);
        } else if (message instanceof PaxosMessage.Status status && status.resync()) {
            roles.skips.sendTo(from, out);
        }
    }

    @Override
    public void onTimer(TimerId id, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (id == ReplicaTimer.ANNOUNCE) {
            roles.proposer.onAnnounceTimer(out);
            return;
        }
        if (id == ReplicaTimer.BATCH_DELAY) {
            return;
        }
        tickAtNanos = Long.MAX_VALUE;
        roles.expire(now);
        roles.skips.expire(now);
        if (!started) {
            return;
        }
        ticked = true;
        roles.learner.persistThrough(out);
        roles.leadership.reconsider();
        roles.digests.check(now);
        NodeId route = roles.election.route();
        if (!configuration.isVoter() || (route != null && roles.election.distance() > 1)) {
            // The leader does not reach this replica, or does not propose to it: it must ask what is chosen.
            roles.learner.poll(route, now, out);
        }
    }

    /**
     * Takes the steps that the events of this turn have made possible.
     *
     * @param now a time that was read from the clock after all events of this turn had come (RULES.md L-2)
     */
    public void endTurn(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        if (started) {
            takeSteps(now, wallMillis, out);
        }
        if (tickAtNanos == Long.MAX_VALUE && roles.needsTick()) {
            tickAtNanos = now + limits.heartbeatNanos();
            out.timer(ReplicaTimer.TICK, tickAtNanos);
        }
        roles.acceptor.checkInvariants(roles.learner.through());
        roles.proposer.checkInvariants();
    }

    private void takeSteps(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        roles.grant.settle(now);
        roles.messages.answerKept(now, out);
        roles.skips.answerUndecided(out);
        roles.feed.pump();
        roles.releaseReads();
        roles.leadership.decide(now, out);
        roles.routing.handOver(isFormed(), now, out);
        boolean applied = roles.feed.appliedThrough() == roles.feed.givenThrough();
        roles.transfer.advance(now, out);
        roles.reconfiguration.enterLearned(now, out);
        roles.reconfiguration.advance(now, out);
        roles.proposer.pump(ticked, applied, roles.submissions.callers(), now, wallMillis, out);
        ticked = false;
        roles.readIndex.startRound(now, wallMillis, out);
        roles.feed.pump();
        roles.releaseReads();
        roles.learner.pull(now, out);
        if (roles.acceptor.takeWrote()) {
            roles.learner.persistThroughNowAndThen(out);
        }
        roles.proposer.tellNews(!roles.readIndex.isEmpty(), now, out);
        roles.reports.askForRefused(out);
        roles.reports.reportChange(out);
    }

    /** The present progress of this replica. */
    public ReplicaProgress progress() {
        return roles.progress();
    }
}
