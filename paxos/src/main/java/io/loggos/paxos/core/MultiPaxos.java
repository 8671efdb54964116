package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.digest.DigestExchange;
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
import io.loggos.paxos.core.request.ReadIndex;
import io.loggos.paxos.core.request.Reads;
import io.loggos.paxos.core.request.Submissions;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one log: Multi-Paxos (Lamport, <i>Paxos Made Simple</i>, section 3).
 *
 * <p>The roles of the paper are {@link Proposer}, {@link Acceptor} and {@link Learner}. {@link Election} and {@link
 * Leadership} tell when the proposer begins and ends its work. {@link Submissions} and {@link Reads} hold the requests
 * of callers, and {@link RequestRouting} brings them to the leader. {@link ApplyFeed} hands chosen batches to the state
 * machine.
 *
 * <p>This class passes each event to the role that it concerns, and {@link PeerMessages} each message. At the end of a turn of the node's loop ({@link
 * #endTurn}) the roles act on the events. They become a candidate, hand over commands, propose, confirm, learn, or
 * apply.
 */
public final class MultiPaxos implements Process<PaxosMessage, LogRecord> {
    private final Limits limits;
    private final CurrentConfiguration configuration;

    private final Acceptor acceptor;
    private final Learner learner;
    private final Proposer proposer;
    private final Election election;
    private final Leadership leadership;
    private final StatusReports reports;
    private final Submissions submissions;
    private final Reads reads;
    private final ReadIndex readIndex;
    private final RequestRouting routing;
    private final ApplyFeed feed;
    private final DigestExchange digests;
    private final Transfer transfer;
    private final Reconfiguration reconfiguration;
    private final PeerMessages messages;

    /** True once what it begins with is durable (RULES.md O-1). Before that it sends nothing, and keeps requests. */
    private boolean started;

    private long tickAtNanos = Long.MAX_VALUE;
    /** True if the tick timer has run out in this turn. */
    private boolean ticked;

    /**
     * Creates a replica from the contents of its disk.
     *
     * @param session a random number of this life
     * @param opened the facts that this life begins with; {@link #start} follows once its first writes are durable
     * @param random for waits
     */
    public MultiPaxos(
            NodeId self,
            LogId log,
            long session,
            CurrentConfiguration configuration,
            Limits limits,
            OpenedLog opened,
            Connectivity connectivity,
            RandomGenerator random,
            Effects effects) {
        this.limits = limits;
        this.configuration = configuration;
        acceptor = new Acceptor(log, limits, opened, effects);
        learner = new Learner(self, log, configuration, limits, acceptor, connectivity, opened, effects);
        proposer = new Proposer(self, configuration, limits, acceptor, learner, effects);
        submissions = new Submissions(self, session, limits, proposer, effects);
        feed = new ApplyFeed(limits, learner, submissions, opened.checkpointSlot(), effects);
        reads = new Reads(self, session, limits, effects);
        readIndex = new ReadIndex(self, configuration, proposer, reads, limits);
        election = new Election(self, configuration, connectivity, limits, random);
        leadership = new Leadership(configuration, election, proposer, acceptor, learner, readIndex, limits, effects);
        reports = new StatusReports(self, configuration, acceptor, learner, election);
        digests = new DigestExchange(self, configuration, limits, effects);
        transfer = new Transfer(self, configuration, limits, proposer, election, reports, effects);
        routing = new RequestRouting(self, election, proposer, submissions, reads, readIndex);
        reconfiguration = new Reconfiguration(
                configuration, learner, proposer, election, leadership, reports, digests, transfer, effects);
        messages = new PeerMessages(
                configuration, acceptor, learner, proposer, leadership, reports, routing, digests, transfer, effects);
    }

    /** Sets the configuration in which this replica begins, because its disk has nothing. Before {@link #start}. */
    public void standIn(Configuration beginning, Outbox<PaxosMessage, LogRecord> out) {
        configuration.standIn(beginning);
        digests.onConfiguration();
        if (beginning.number() > 1) {
            learner.enter(beginning, out);
        }
    }

    /** Goes on in a configuration, because nothing was chosen in the present one. */
    public void enter(Configuration next, long now, Outbox<PaxosMessage, LogRecord> out) {
        reconfiguration.enterInstalled(next, now, out);
    }

    /** Begins to take part. */
    public void start(boolean isFormed, long now, Outbox<PaxosMessage, LogRecord> out) {
        started = true;
        if (isFormed) {
            configuration.form();
        }
        election.start(now);
        reports.resyncWithAll(out);
    }

    /** Begins to vote, because every peer has stored this node's incarnation. */
    public void onFormed(Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.mayVote()) {
            configuration.form();
            leadership.reconsider();
            reports.resyncWithAll(out);
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
        reconfiguration.aim(target);
    }

    /**
     * Takes a command. {@link Effects#apply} or {@link Effects#fail} answers its caller.
     *
     * @param named true if the payload begins with the id of the caller
     */
    public void propose(Bytes payload, boolean named, CommandCaller caller, long now) {
        submissions.submit(payload, named, caller, now);
    }

    /** Takes a linearizable read. {@link Effects#runReads} or {@link Effects#fail} answers its caller. */
    public void read(ReadCaller caller, long now) {
        reads.submit(caller, now);
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
        transfer.begin(target, caller, patienceNanos, now, out);
    }

    public boolean leads() {
        return proposer.leads();
    }

    /** Reports a change in the connectivity of nodes. */
    public void onConnectivity() {
        leadership.reconsider();
    }

    /** Reports a view of the nodes that are up, which may be wrong. */
    public void onView(List<NodeId> members, long now) {
        election.onView(members, now);
        leadership.reconsider();
    }

    /** Sends a peer this replica's status and open messages again, because earlier ones may be lost. */
    public void onOutgoingReset(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        routing.onLinkReset();
        reports.resyncWith(peer, out);
        proposer.resendTo(peer, out);
        digests.sendTo(peer, out);
        transfer.resendTo(peer, out);
    }

    /** Forgets the status and reads of a peer, because messages from it may be lost. */
    public void onIncomingReset(NodeId peer, long now) {
        election.forget(peer, now);
        readIndex.forget(peer);
        leadership.reconsider();
    }

    /** Takes the entries that {@link Effects#readLog} asked for. */
    public void onLogRead(
            @Nullable NodeId requester, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        if (requester == null) {
            feed.onLogRead(fromSlot, entries);
        } else {
            learner.onLogRead(requester, fromSlot, entries, out);
        }
    }

    /** Reports that the state machine has applied all slots up to this one, and the log time behind it. */
    public void onApplied(long slot, long logTimeMillis) {
        feed.onApplied(slot);
        proposer.onApplied(slot, logTimeMillis);
    }

    /** Takes the digests of this replica behind slots that its state machine has applied. */
    public void onMarks(List<DigestMark> marks, long now, Outbox<PaxosMessage, LogRecord> out) {
        digests.onApplied(marks, now, out);
    }

    /**
     * Truncates the log, because a checkpoint of this replica is durable and verified.
     *
     * @param slot the slot of the checkpoint
     * @param keptSlot the slot of the oldest checkpoint that is kept; the log is kept from there
     */
    public void onCheckpoint(long slot, long keptSlot, Outbox<PaxosMessage, LogRecord> out) {
        learner.onCheckpoint(slot, Math.min(keptSlot, learner.through() - limits.retainedSlots()) + 1, out);
    }

    /**
     * Goes on behind a fetched checkpoint, which is durable and verified, and which the state machine has restored.
     *
     * @param ofSlotsBehind the configuration of the slots behind the checkpoint; null if it is the first one
     */
    public void onCheckpointInstalled(
            long slot, @Nullable Configuration ofSlotsBehind, long now, Outbox<PaxosMessage, LogRecord> out) {
        learner.onCheckpointInstalled(slot, out);
        reconfiguration.enterInstalled(ofSlotsBehind, now, out);
        feed.onCheckpointInstalled(slot);
        digests.onCheckpointInstalled();
    }

    /**
     * Reports that a checkpoint could not be fetched.
     *
     * @param progressed true if a part of it came, which stays for the next attempt
     */
    public void onCheckpointMissed(boolean progressed, long now) {
        learner.onCheckpointMissed(progressed, now);
    }

    /** Lowers the limit of chosen batches kept in memory. */
    public void cacheAtMost(long bytes) {
        learner.cacheAtMost(bytes);
    }

    /** Stops taking part: tells the others, and fails all calls that wait. */
    public void retire(Outbox<PaxosMessage, LogRecord> out) {
        transfer.abandon();
        if (started) {
            proposer.stepDown();
            reports.reportRetirement(out);
        }
        submissions.expire(Long.MAX_VALUE);
        reads.expire(Long.MAX_VALUE);
    }

    @Override
    public void onMessage(NodeId from, PaxosMessage message, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (started) {
            message.dispatch(from, now, out, messages);
            reconfiguration.enterLearned(now, out);
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
        if (started) {
            messages.take(from, number, isMember, message, now, out);
            reconfiguration.enterLearned(now, out);
        }
    }

    @Override
    public void onTimer(TimerId id, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (id == ReplicaTimer.ANNOUNCE) {
            proposer.onAnnounceTimer(out);
            return;
        }
        if (id == ReplicaTimer.BATCH_DELAY) {
            return;
        }
        tickAtNanos = Long.MAX_VALUE;
        submissions.expire(now);
        reads.expire(now);
        if (!started) {
            return;
        }
        ticked = true;
        learner.persistThrough(out);
        leadership.reconsider();
        digests.check(now);
        NodeId route = election.route();
        if (!configuration.isVoter() || (route != null && election.distance() > 1)) {
            // The leader does not reach this replica, or does not propose to it: it must ask what is chosen.
            learner.poll(route, now, out);
        }
    }

    /** Takes the steps that the events of this turn have made possible. */
    public void endTurn(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        if (started) {
            takeSteps(now, wallMillis, out);
        }
        if (tickAtNanos == Long.MAX_VALUE && needsTick()) {
            tickAtNanos = now + limits.heartbeatNanos();
            out.timer(ReplicaTimer.TICK, tickAtNanos);
        }
        acceptor.checkInvariants(learner.through());
        proposer.checkInvariants();
    }

    private void takeSteps(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        feed.pump();
        reads.release(feed.givenThrough());
        leadership.decide(now, out);
        routing.handOver(isFormed(), now, out);
        boolean applied = feed.appliedThrough() == feed.givenThrough();
        transfer.advance(now, out);
        reconfiguration.enterLearned(now, out);
        reconfiguration.advance(now, out);
        proposer.pump(ticked, applied, submissions.callers(), now, wallMillis, out);
        ticked = false;
        readIndex.startRound(now, out);
        feed.pump();
        reads.release(feed.givenThrough());
        learner.pull(now, out);
        if (acceptor.takeWrote()) {
            learner.persistThroughNowAndThen(out);
        }
        proposer.tellNews(!readIndex.isEmpty(), now, out);
        reports.askForRefused(out);
        reports.reportChange(out);
    }

    private boolean needsTick() {
        return leadership.isOpen()
                || transfer.isOpen()
                || learner.behind()
                || learner.hasUnpersisted()
                || acceptor.hasRefused()
                || digests.isOpen()
                || !configuration.isVoter()
                || reconfiguration.isOpen()
                || !submissions.isEmpty()
                || !reads.isEmpty()
                || !readIndex.isEmpty();
    }

    /** The present progress of this replica. */
    public ReplicaProgress progress() {
        return new ReplicaProgress(
                proposer.phase(),
                acceptor.promised(),
                election.leader(),
                learner.truncatedBelow(),
                acceptor.highestAccepted(learner.through()),
                learner.through(),
                Math.max(learner.knownThrough(), proposer.leads() ? proposer.chosenThrough() : 0),
                feed.appliedThrough(),
                digests.agreedSlot(),
                feed.givenBytes(),
                proposer.openSlots(),
                learner.missing(),
                election.absent());
    }
}
