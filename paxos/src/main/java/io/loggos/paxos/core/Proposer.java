package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.Submission;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The proposer of one log: phase 1 once for all slots ({@link PhaseOne}), then phase 2 for many slots at once.
 *
 * <p>Leadership is volatile: a new life takes a new ballot (RULES.md P-10).
 */
public final class Proposer {
    /** The present phase of a proposer. */
    public enum Phase {
        IDLE,
        PREPARING,
        LEADING
    }

    /** Divisor of the batch limit: a batch of that size costs about as much for its bytes as for its slot. */
    private static final int WORTHWHILE_PARTS = 4;
    /** Longest batching delay, as a fraction of the heartbeat. */
    private static final int WAITS_PER_HEARTBEAT = 10;

    private static final class Proposal {
        final long slot;
        final Bytes value;
        long votes;

        Proposal(long slot, Bytes value) {
            this.slot = slot;
            this.value = value;
        }
    }

    private final NodeId self;
    private final Configuration configuration;
    private final Limits limits;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Effects effects;

    private Phase phase = Phase.IDLE;
    private Ballot ballot = Ballot.ZERO;
    /** The highest ballot seen. */
    private Ballot seen = Ballot.ZERO;

    private PhaseOne phaseOne;
    /** The values that phase 1 found above {@link #chosenThrough}, to be proposed again. */
    private SortedMap<Long, LogEntry> recovered = new TreeMap<>();
    /** The first slot of this ballot in which no earlier ballot can have a value. */
    private long firstOwnSlot;
    /** The last slot up to which all slots are chosen, even if this node lacks the values. */
    private long chosenThrough;
    /** The last slot that the others were told to be chosen. */
    private long announced;
    /** The last proposed slot for which another node waits. */
    private long awaitedSlot;

    private long nextSlot;
    /** Proposals above {@link #chosenThrough}, without a gap. */
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();

    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private long queuedBytes;
    private final BatchDelay batchDelay;
    /** The commands of the batch that is being made. The list keeps its capacity from batch to batch. */
    private final List<Submission> commands = new ArrayList<>();

    private long logTimeMillis;

    Proposer(
            NodeId self,
            Configuration configuration,
            Limits limits,
            Acceptor acceptor,
            Learner learner,
            Effects effects) {
        this.self = self;
        this.configuration = configuration;
        this.limits = limits;
        this.acceptor = acceptor;
        this.learner = learner;
        this.effects = effects;
        this.phaseOne = new PhaseOne(configuration);
        this.batchDelay = new BatchDelay(limits.heartbeatNanos() / WAITS_PER_HEARTBEAT);
    }

    Phase phase() {
        return phase;
    }

    boolean leads() {
        return phase == Phase.LEADING;
    }

    Ballot ballot() {
        return ballot;
    }

    long firstOwnSlot() {
        return firstOwnSlot;
    }

    long chosenThrough() {
        return chosenThrough;
    }

    /** Notes a ballot of any node. */
    void onBallotSeen(Ballot other) {
        seen = other.isAbove(seen) ? other : seen;
    }

    /** Begins phase 1 in a ballot above all seen ones. The prepare waits for this node's promise (RULES.md P-1). */
    void campaign(Outbox<PaxosMessage, LogRecord> out) {
        onBallotSeen(acceptor.promised());
        ballot = seen.next(self);
        phase = Phase.PREPARING;
        phaseOne = new PhaseOne(configuration);
        effects.note(PaxosEvent.CAMPAIGNS);
        acceptor.promiseOwn(ballot, out);
        acceptor.sendPromise(self, ballot, learner.through() + 1, learner.through(), learner.truncatedBelow(), out);
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendDurable(peer, new PaxosMessage.Prepare(ballot, learner.through() + 1));
            }
        }
    }

    /** Takes a promise and leads once a quorum has promised. Returns true if this node leads from now on. */
    boolean onPromise(NodeId from, PaxosMessage.Promise promise) {
        if (phase != Phase.PREPARING || !promise.ballot().equals(ballot)) {
            return false;
        }
        phaseOne.add(from, promise);
        if (!phaseOne.complete(learner.through())) {
            return false;
        }
        chosenThrough = phaseOne.chosenThrough(learner.through());
        announced = 0;
        awaitedSlot = 0;
        recovered = phaseOne.values(chosenThrough);
        String conflict = phaseOne.conflict();
        if (conflict != null) {
            effects.halt(conflict);
            return false;
        }
        firstOwnSlot = (recovered.isEmpty() ? chosenThrough : recovered.lastKey()) + 1;
        nextSlot = chosenThrough + 1;
        logTimeMillis = phaseOne.highestLogTime(learner.logTimeMillis());
        proposals.clear();
        phase = Phase.LEADING;
        effects.note(PaxosEvent.LEADS);
        if (chosenThrough > learner.through()) {
            learner.knowChosen(chosenThrough, phaseOne.bestInformed());
        }
        return true;
    }

    /**
     * Gives up candidacy or leadership. The queued commands count as not handed over, because they were not proposed.
     */
    void stepDown() {
        if (phase != Phase.IDLE) {
            effects.note(PaxosEvent.STEPS_DOWN);
        }
        phase = Phase.IDLE;
        recovered.clear();
        proposals.clear();
        for (Submission queued : queue) {
            queued.assigned = Ballot.ZERO;
        }
        queue.clear();
        queuedBytes = 0;
    }

    /** Takes a command to propose while leading. Returns false if there is no room for it. */
    boolean enqueue(Submission submission) {
        if (queuedBytes + submission.sizeBytes() > limits.queueBytes()) {
            effects.note(PaxosEvent.QUEUE_FULL);
            return false;
        }
        submission.assigned = ballot;
        queue.add(submission);
        queuedBytes += submission.sizeBytes();
        return true;
    }

    /**
     * Reports that a batch is about to be applied.
     *
     * @param callers the number of callers on this node that wait for their commands
     */
    void expect(int callers) {
        batchDelay.chosen(callers);
    }

    /**
     * Proposes as far as the window has room: first the values that phase 1 found, then batches of queued commands.
     *
     * <p>Commands that arrive while the last batch is on its way to this node's disk form the next batch. A batch that
     * is too small for a slot of its own waits until everything before it is applied. Most of the callers that will
     * propose next wait for just that. Then it waits for {@link BatchDelay}.
     *
     * @param waited true if the queued commands have waited long enough
     * @param applied true if all chosen slots are applied here
     * @param callers the number of callers on this node that wait for their commands
     */
    void pump(
            boolean waited,
            boolean applied,
            int callers,
            long now,
            long wallMillis,
            Outbox<PaxosMessage, LogRecord> out) {
        if (phase != Phase.LEADING) {
            return;
        }
        boolean complete = applied && proposals.isEmpty() && batchDelay.isComplete(callers, now);
        long before = nextSlot;
        while (nextSlot <= chosenThrough + limits.windowSlots()
                && (nextSlot <= firstOwnSlot || batchIsDue(waited || complete))) {
            propose(nextSlot < firstOwnSlot ? recoveredValue(nextSlot) : nextBatch(wallMillis), out);
        }
        if (nextSlot > before) {
            batchDelay.proposed(now);
        } else if (!queue.isEmpty()) {
            batchDelay.setTimer(out);
        }
    }

    private boolean batchIsDue(boolean settled) {
        if (queue.isEmpty() || queuedBytes >= limits.batchBytes()) {
            return !queue.isEmpty();
        }
        boolean worthwhile = queuedBytes >= limits.batchBytes() / WORTHWHILE_PARTS;
        return worthwhile ? !isWriting() : settled && proposals.isEmpty();
    }

    /** True if the last batch is neither on this node's disk nor chosen without it. */
    private boolean isWriting() {
        return !proposals.isEmpty() && (proposals.getLast().votes & configuration.bit(self)) == 0;
    }

    /**
     * True if slots are chosen that the others were not told of.
     *
     * <p>The next accept tells them. Only waiting nodes and an idle log need a message for it.
     */
    boolean hasNews() {
        return phase == Phase.LEADING && announced < chosenThrough;
    }

    /** True if another node waits for the news: it forwarded a command, or it reads behind a new leader. */
    boolean newsIsAwaited() {
        return hasNews() && announced < awaitedSlot;
    }

    /** Sends phase 3 in a message of its own. */
    void announce(Outbox<PaxosMessage, LogRecord> out) {
        if (hasNews()) {
            announced = chosenThrough;
            broadcast(new PaxosMessage.Chosen(ballot, chosenThrough), out);
        }
    }

    /** Phase 2b: counts a vote. A value is chosen when a quorum has accepted it in this ballot. */
    void onAccepted(NodeId from, PaxosMessage.Accepted accepted) {
        if (phase != Phase.LEADING
                || !accepted.ballot().equals(ballot)
                || accepted.slot() <= chosenThrough
                || accepted.slot() >= nextSlot) {
            return;
        }
        for (Proposal proposal : proposals) {
            if (proposal.slot == accepted.slot()) {
                proposal.votes |= configuration.bit(from);
                break;
            }
        }
        advance();
    }

    /** Takes the values with a quorum as chosen, in slot order. */
    private void advance() {
        long before = chosenThrough;
        while (!proposals.isEmpty() && configuration.isQuorum(proposals.getFirst().votes)) {
            chosenThrough = proposals.removeFirst().slot;
        }
        if (chosenThrough > before) {
            learner.onChosen(self, ballot, chosenThrough);
        }
    }

    /**
     * Takes slots that were learned as chosen from another node.
     *
     * <p>Returns false if this leader proposed another value for such a slot. A higher ballot has then decided, and a
     * message "chosen" in this ballot would confirm the wrong value.
     */
    boolean onLearned(long through) {
        if (phase != Phase.LEADING || through <= chosenThrough) {
            return true;
        }
        while (!proposals.isEmpty() && proposals.getFirst().slot <= through) {
            Proposal proposal = proposals.removeFirst();
            LogEntry learned = learner.cached(proposal.slot);
            if (learned == null || !learned.value().equals(proposal.value)) {
                return false;
            }
        }
        chosenThrough = through;
        recovered.headMap(through + 1).clear();
        nextSlot = Math.max(nextSlot, through + 1);
        advance();
        return true;
    }

    /** Sends a peer again the messages that it may have missed. */
    void resendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        if (phase == Phase.PREPARING) {
            if (!phaseOne.hasAnswered(peer)) {
                out.sendDurable(peer, new PaxosMessage.Prepare(ballot, learner.through() + 1));
            }
        } else if (phase == Phase.LEADING) {
            for (Proposal proposal : proposals) {
                if ((proposal.votes & configuration.bit(peer)) == 0) {
                    out.sendNow(peer, accept(proposal));
                }
            }
            out.sendNow(peer, new PaxosMessage.Chosen(ballot, chosenThrough));
        }
    }

    /** The number of slots that are proposed and not chosen yet. */
    int openSlots() {
        return proposals.size();
    }

    private Bytes recoveredValue(long slot) {
        LogEntry entry = recovered.remove(slot);
        if (entry != null) {
            return entry.value();
        }
        effects.note(PaxosEvent.FILLS_HOLE);
        return Batch.noOp(logTimeMillis).bytes();
    }

    private Bytes nextBatch(long wallMillis) {
        logTimeMillis = Math.max(logTimeMillis, wallMillis);
        int bytes = 0;
        while (!queue.isEmpty()) {
            Submission next = queue.getFirst();
            if (!commands.isEmpty() && bytes + next.sizeBytes() > limits.batchBytes()) {
                break;
            }
            queue.removeFirst();
            next.sent = true;
            if (next.caller == null) {
                awaitedSlot = nextSlot;
            }
            bytes += next.sizeBytes();
            commands.add(next);
        }
        queuedBytes -= bytes;
        Bytes batch = Batch.of(logTimeMillis, commands, bytes - commands.size() * Batch.COMMAND_BYTES)
                .bytes();
        commands.clear();
        return batch;
    }

    private void propose(Bytes value, Outbox<PaxosMessage, LogRecord> out) {
        Proposal proposal = new Proposal(nextSlot++, value);
        if (proposal.slot <= firstOwnSlot) {
            awaitedSlot = proposal.slot;
        }
        proposals.add(proposal);
        acceptor.acceptOwn(self, ballot, proposal.slot, value, out);
        broadcast(accept(proposal), out);
        announced = chosenThrough;
    }

    private PaxosMessage.Accept accept(Proposal proposal) {
        return new PaxosMessage.Accept(ballot, proposal.slot, chosenThrough, proposal.value);
    }

    /** Sends to all other voters. */
    void broadcast(PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendNow(peer, message);
            }
        }
    }

    void checkInvariants() {
        if (phase == Phase.LEADING && nextSlot != chosenThrough + 1 + proposals.size()) {
            throw new IllegalStateException("a gap between chosen and proposed");
        }
        if (phase != Phase.IDLE && acceptor.promised().isBelow(ballot)) {
            throw new IllegalStateException("ballot " + ballot + " above the own promise");
        }
    }
}
