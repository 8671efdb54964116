package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.model.ReplicaTimer;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.Process;
import io.loggos.paxos.core.process.TimerId;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one log: Multi-Paxos (Lamport, <i>Paxos Made Simple</i>, section 3).
 *
 * <p>This class passes each event to the role that it concerns. At the end of a turn of the node's loop ({@link
 * #endTurn}) the roles act on the events. They become a candidate, hand over commands, propose, confirm, learn, or
 * apply.
 */
public final class MultiPaxos implements Process<PaxosMessage, LogRecord>, PaxosMessage.Handler {
    /** The number of announcement intervals in a heartbeat: an idle log announces chosen slots sooner than it beats. */
    private static final int ANNOUNCEMENTS_PER_HEARTBEAT = 10;

    private final NodeId self;
    private final Limits limits;
    private final Effects effects;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Proposer proposer;
    private final Submissions submissions;
    private final ApplyFeed feed;
    private final Reads reads;
    private final ReadIndex readIndex;
    private final Election election;

    /** True if every peer has stored this node's incarnation. Before that this node must not vote. */
    private boolean formed;

    private boolean graphChanged = true;
    private boolean linkReset;
    private long preparingSinceNanos;
    private long leadingSinceNanos;
    private long tickAtNanos = Long.MAX_VALUE;
    private boolean ticked;
    private boolean announces;
    private Ballot saidPromised = Ballot.ZERO;
    private Ballot saidLeader = Ballot.ZERO;
    private int saidDistance;

    /**
     * Creates a replica from the contents of its disk.
     *
     * @param session a random number of this life
     * @param checkpointSlot the slot of the checkpoint with which the state machine begins
     * @param random for waits
     */
    public MultiPaxos(
            NodeId self,
            LogId log,
            long session,
            Configuration configuration,
            Limits limits,
            RecoveredLog recovered,
            long checkpointSlot,
            Connectivity connectivity,
            RandomGenerator random,
            Effects effects) {
        this.self = self;
        this.limits = limits;
        this.effects = effects;
        acceptor = new Acceptor(log, limits.windowSlots(), recovered, effects);
        learner = new Learner(
                self, log, configuration, limits, acceptor, connectivity, recovered, checkpointSlot, effects);
        proposer = new Proposer(self, configuration, limits, acceptor, learner, effects);
        submissions = new Submissions(self, session, limits, proposer, effects);
        feed = new ApplyFeed(limits, learner, submissions, checkpointSlot, effects);
        reads = new Reads(self, session, limits, effects);
        readIndex = new ReadIndex(self, configuration, proposer, reads, limits);
        election = new Election(self, configuration, connectivity, limits, random);
    }

    /** Begins to take part. */
    public void start(boolean isFormed, long now, Outbox<PaxosMessage, LogRecord> out) {
        formed = isFormed;
        election.start(now);
        proposer.broadcast(status(true), out);
    }

    /** Begins to vote, because every peer has stored this node's incarnation. */
    public void onFormed(Outbox<PaxosMessage, LogRecord> out) {
        if (!formed) {
            formed = true;
            graphChanged = true;
            proposer.broadcast(status(true), out);
        }
    }

    /** Takes a command. {@link Effects#apply} or {@link Effects#fail} answers its caller. */
    public void propose(Bytes payload, CommandCaller caller, long now) {
        submissions.submit(payload, caller, now);
    }

    /** Takes a linearizable read. {@link Effects#runReads} or {@link Effects#fail} answers its caller. */
    public void read(ReadCaller caller, long now) {
        reads.submit(caller, now);
    }

    /** Reports a change in the connectivity of nodes. */
    public void onConnectivity() {
        graphChanged = true;
    }

    /** Reports a view of the nodes that are up, which may be wrong. */
    public void onView(List<NodeId> members, long now) {
        election.onView(members, now);
        graphChanged = true;
    }

    /** Sends a peer this replica's status and open messages again, because earlier ones may be lost. */
    public void onOutgoingReset(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        linkReset = true;
        out.sendNow(peer, status(true));
        proposer.resendTo(peer, out);
    }

    /** Forgets the status and reads of a peer, because messages from it may be lost. */
    public void onIncomingReset(NodeId peer) {
        election.forget(peer);
        readIndex.forget(peer);
        graphChanged = true;
    }

    /** Takes the entries that {@link Effects#readLog} asked for. */
    public void onLogRead(
            @Nullable NodeId requester, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        if (requester == null) {
            feed.onLogRead(entries);
        } else {
            learner.onLogRead(requester, fromSlot, entries, out);
        }
    }

    /** Reports that the state machine has applied all slots up to this one. */
    public void onApplied(long slot) {
        feed.onApplied(slot);
    }

    /**
     * Truncates the log, because a checkpoint of this replica is durable and verified.
     *
     * @param keptSlot the slot of the oldest checkpoint that is kept; the log is kept from there
     */
    public void onCheckpoint(long keptSlot, Outbox<PaxosMessage, LogRecord> out) {
        learner.truncateBelow(Math.min(keptSlot, learner.through() - limits.retainedSlots()) + 1, out);
    }

    /** Goes on behind a fetched checkpoint, which is durable and verified. */
    public void onCheckpointInstalled(long slot, Outbox<PaxosMessage, LogRecord> out) {
        learner.onCheckpointInstalled(slot, out);
        feed.onCheckpointInstalled(slot);
    }

    /** Reports that a checkpoint could not be fetched. */
    public void onCheckpointMissed() {
        learner.onCheckpointMissed();
    }

    /** Lowers the limit of chosen batches kept in memory, because many logs share the memory. */
    public void cacheAtMost(long bytes) {
        learner.cacheAtMost(bytes);
    }

    /** Stops taking part: tells the others, and fails all calls that wait. */
    public void retire(Outbox<PaxosMessage, LogRecord> out) {
        proposer.stepDown();
        proposer.broadcast(new PaxosMessage.Status(acceptor.promised(), Ballot.ZERO, 0, learner.through(), false), out);
        submissions.expire(Long.MAX_VALUE);
        reads.expire(Long.MAX_VALUE);
    }

    @Override
    public void onMessage(NodeId from, PaxosMessage message, long now, Outbox<PaxosMessage, LogRecord> out) {
        message.dispatch(from, now, out, this);
    }

    @Override
    public void onTimer(TimerId id, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (id == ReplicaTimer.ANNOUNCE) {
            announces = false;
            proposer.announce(out);
            return;
        }
        if (id == ReplicaTimer.BATCH_DELAY) {
            return;
        }
        learner.persistThrough(out);
        tickAtNanos = Long.MAX_VALUE;
        ticked = true;
        graphChanged = true;
        submissions.expire(now);
        reads.expire(now);
        NodeId route = election.route();
        if (route != null && election.distance() > 1) {
            // The leader does not reach this replica, so a neighbour must tell it what is chosen.
            learner.poll(route, now, out);
        }
    }

    /** Takes the steps that the events of this turn have made possible. */
    public void endTurn(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        feed.pump();
        reads.release(feed.givenThrough());
        if (graphChanged) {
            graphChanged = false;
            elect(now, out);
        }
        if (!proposer.onLearned(learner.through())) {
            stepDown();
            election.onDeposed(now);
            elect(now, out);
        }
        handOver(now, out);
        boolean applied = feed.appliedThrough() == feed.givenThrough();
        proposer.pump(ticked, applied, submissions.callers(), now, wallMillis, out);
        ticked = false;
        readIndex.startRound(now, out);
        feed.pump();
        reads.release(feed.givenThrough());
        learner.pull(now, out);
        if (acceptor.takeWrote()) {
            learner.persistThroughNowAndThen(out);
        }
        tellNews(now, out);
        askForWhatWasRefused(out);
        announce(out);
        if (tickAtNanos == Long.MAX_VALUE && needsTick()) {
            tickAtNanos = now + limits.heartbeatNanos();
            out.timer(ReplicaTimer.TICK, tickAtNanos);
        }
        checkInvariants();
    }

    private void tellNews(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.newsIsAwaited() || !readIndex.isEmpty()) {
            proposer.announce(out);
        } else if (!announces && proposer.hasNews()) {
            announces = true;
            out.timer(ReplicaTimer.ANNOUNCE, now + limits.heartbeatNanos() / ANNOUNCEMENTS_PER_HEARTBEAT);
        }
    }

    private void elect(long now, Outbox<PaxosMessage, LogRecord> out) {
        election.evaluate(acceptor.promised(), proposer.leads() ? proposer.ballot() : Ballot.ZERO, now);
        boolean lostQuorum = proposer.phase() != Proposer.Phase.IDLE && !election.quorumConnected();
        boolean tooLong =
                proposer.phase() == Proposer.Phase.PREPARING && now - preparingSinceNanos >= limits.electionNanos();
        // A leader that cannot learn for long may have lost its sources. Another leader may not depend on them.
        boolean starved =
                proposer.leads() && now - leadingSinceNanos > 3 * limits.electionNanos() && learner.starves(now);
        if (lostQuorum || tooLong || starved) {
            stepDown();
            election.onDeposed(now);
            election.evaluate(acceptor.promised(), Ballot.ZERO, now);
        }
        boolean idle = proposer.phase() == Proposer.Phase.IDLE;
        if (idle && formed && !learner.isRepairing() && election.shouldStand(now)) {
            preparingSinceNanos = now;
            proposer.campaign(out);
        }
    }

    private void handOver(long now, Outbox<PaxosMessage, LogRecord> out) {
        submissions.handOver(election.route(), election.leader(), linkReset, now, out);
        reads.ask(election.route(), readIndex, linkReset, now, out);
        linkReset = false;
    }

    private void stepDown() {
        proposer.stepDown();
        readIndex.stepDown();
        graphChanged = true;
    }

    private void askForWhatWasRefused(Outbox<PaxosMessage, LogRecord> out) {
        NodeId leader = election.route();
        if (leader != null && !leader.equals(self) && acceptor.hasRoomAgain(learner.through())) {
            out.sendNow(leader, status(true));
        }
    }

    private boolean needsTick() {
        return !election.isContent()
                || proposer.phase() == Proposer.Phase.PREPARING
                || learner.behind()
                || learner.hasUnpersisted()
                || acceptor.hasRefused()
                || !submissions.isEmpty()
                || !reads.isEmpty()
                || !readIndex.isEmpty();
    }

    private PaxosMessage.Status status(boolean resync) {
        return new PaxosMessage.Status(
                acceptor.promised(), election.leader(), election.distance(), learner.through(), resync);
    }

    private void announce(Outbox<PaxosMessage, LogRecord> out) {
        if (!saidPromised.equals(acceptor.promised())
                || !saidLeader.equals(election.leader())
                || saidDistance != election.distance()) {
            saidPromised = acceptor.promised();
            saidLeader = election.leader();
            saidDistance = election.distance();
            proposer.broadcast(status(false), out);
        }
    }

    /** Tells if a message that uses a ballot comes from the owner of the ballot. */
    private boolean isOwner(NodeId from, Ballot ballot) {
        if (ballot.isOf(from) && acceptor.plausible(ballot)) {
            return true;
        }
        effects.note(PaxosEvent.FOREIGN_BALLOT);
        return false;
    }

    private void yieldTo(Ballot ballot, long now) {
        if (ballot.isAbove(acceptor.promised())) {
            graphChanged = true;
            election.onPromised(now);
            if (proposer.phase() != Proposer.Phase.IDLE && ballot.isAbove(proposer.ballot())) {
                stepDown();
            }
        }
    }

    @Override
    public void onStatus(NodeId from, PaxosMessage.Status status, long now, Outbox<PaxosMessage, LogRecord> out) {
        graphChanged = true;
        election.onStatus(from, status);
        if (acceptor.plausible(status.promised())) {
            proposer.onBallotSeen(status.promised());
        }
        learner.knowChosen(status.chosenThrough(), from);
        if (status.resync()) {
            out.sendNow(from, status(false));
            proposer.resendTo(from, out);
        }
    }

    @Override
    public void onPrepare(NodeId from, PaxosMessage.Prepare prepare, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!formed || !isOwner(from, prepare.ballot())) {
            return;
        }
        if (learner.isRepairing()) {
            // Its "chosen through" would keep the new leader from proposing a slot that this node cannot tell any more.
            effects.note(PaxosEvent.NO_PROMISE_DURING_REPAIR);
            return;
        }
        yieldTo(prepare.ballot(), now);
        acceptor.onPrepare(from, prepare, learner.through(), learner.truncatedBelow(), out);
    }

    @Override
    public void onPromise(NodeId from, PaxosMessage.Promise promise, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.onPromise(from, promise)) {
            leadingSinceNanos = now;
            graphChanged = true;
        }
    }

    @Override
    public void onAccept(NodeId from, PaxosMessage.Accept accept, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!formed || !isOwner(from, accept.ballot())) {
            return;
        }
        yieldTo(accept.ballot(), now);
        if (accept.slot() <= learner.through()) {
            out.sendNow(from, status(false));
        } else {
            acceptor.onAccept(from, accept, learner.through(), out);
        }
        learner.onChosen(from, accept.ballot(), accept.chosenThrough());
    }

    @Override
    public void onAccepted(NodeId from, PaxosMessage.Accepted accepted, long now, Outbox<PaxosMessage, LogRecord> out) {
        proposer.onAccepted(from, accepted);
    }

    @Override
    public void onRefused(NodeId from, PaxosMessage.Refused refused, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!acceptor.plausible(refused.promised())) {
            effects.note(PaxosEvent.IMPLAUSIBLE_BALLOT);
            return;
        }
        proposer.onBallotSeen(refused.promised());
        if (proposer.phase() != Proposer.Phase.IDLE
                && refused.ballot().equals(proposer.ballot())
                && refused.promised().isAbove(proposer.ballot())) {
            stepDown();
            election.onPromised(now);
        }
    }

    @Override
    public void onChosen(NodeId from, PaxosMessage.Chosen chosen, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (isOwner(from, chosen.ballot())) {
            learner.onChosen(from, chosen.ballot(), chosen.through());
        }
    }

    @Override
    public void onLearn(NodeId from, PaxosMessage.Learn learn, long now, Outbox<PaxosMessage, LogRecord> out) {
        learner.onLearn(from, learn, out);
    }

    @Override
    public void onLearned(NodeId from, PaxosMessage.Learned learned, long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean repairing = learner.isRepairing();
        learner.onLearned(from, learned, out);
        if (repairing && !learner.isRepairing()) {
            proposer.broadcast(status(true), out);
        }
    }

    @Override
    public void onForward(NodeId from, PaxosMessage.Forward forward, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.leads() && forward.ballot().equals(proposer.ballot())) {
            submissions.onForward(forward);
            return;
        }
        NodeId next = relay(from, forward.hops());
        if (next != null && forward.ballot().equals(election.leader())) {
            out.sendNow(next, forward.passedOn());
        }
    }

    @Override
    public void onReadIndex(
            NodeId from, PaxosMessage.ReadIndex request, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.leads()) {
            readIndex.register(from, request.nonce());
        } else {
            reads.submitFor(from, request.nonce(), now);
        }
    }

    /** Returns the next node for a request that is meant for the leader. Null if the request ends here. */
    private @Nullable NodeId relay(NodeId from, int hops) {
        NodeId route = election.route();
        return hops <= 1 || route == null || route.equals(self) || route.equals(from) ? null : route;
    }

    @Override
    public void onReadIndexAnswer(
            NodeId from, PaxosMessage.ReadIndexAnswer answer, long now, Outbox<PaxosMessage, LogRecord> out) {
        reads.onAnswer(answer.nonce(), answer.slot(), out);
    }

    @Override
    public void onConfirm(NodeId from, PaxosMessage.Confirm confirm, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (formed && isOwner(from, confirm.ballot())) {
            acceptor.onConfirm(from, confirm, out);
        }
    }

    @Override
    public void onConfirmed(
            NodeId from, PaxosMessage.Confirmed confirmed, long now, Outbox<PaxosMessage, LogRecord> out) {
        readIndex.onConfirmed(from, confirmed, out);
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
                proposer.openSlots());
    }

    private void checkInvariants() {
        acceptor.checkInvariants(learner.through());
        proposer.checkInvariants();
    }
}
