package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.process.Outbox;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The proposer of one log: phase 1 once for all slots ({@link PhaseOne}), then phase 2 for many slots at
 * once. Leadership is volatile: a new life takes a new ballot.
 */
public final class Proposer {
    /** Where a proposer stands. */
    public enum Phase {
        IDLE,
        PREPARING,
        LEADING
    }

    /** A part of a batch that costs about as much by its bytes as by its being a slot. */
    private static final int WORTHWHILE_PARTS = 4;
    /** So short is the longest wait for company. */
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
    /** The highest ballot heard of. */
    private Ballot seen = Ballot.ZERO;

    private PhaseOne phaseOne;
    /** What phase 1 found above {@link #chosenThrough}, to be proposed again. */
    private SortedMap<Long, LogEntry> recovered = new TreeMap<>();
    /** The first slot of this ballot that no earlier one can have a value in. */
    private long firstOwnSlot;
    /** Every slot up to here is chosen, whether this node has the values or not. */
    private long chosenThrough;
    /** What the others were told of it. */
    private long announced;
    /** The last slot proposed whose choice another node waits for. */
    private long awaitedSlot;

    private long nextSlot;
    /** Proposed and not yet below {@link #chosenThrough}, without a gap. */
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();

    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private long queuedBytes;
    private final Company company;
    /** Those of the batch that is being made; keeps its room from batch to batch. */
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
        this.company = new Company(limits.heartbeatNanos() / WAITS_PER_HEARTBEAT);
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

    /** A ballot of somebody's was heard of. */
    void onBallotSeen(Ballot other) {
        seen = other.isAbove(seen) ? other : seen;
    }

    /** Begins phase 1 in a ballot above everything seen. The prepare rests on the own promise. */
    void stand(Outbox<PaxosMessage, LogRecord> out) {
        onBallotSeen(acceptor.promised());
        ballot = seen.next(self);
        phase = Phase.PREPARING;
        phaseOne = new PhaseOne(configuration);
        effects.note("stands");
        acceptor.promiseOwn(ballot, out);
        acceptor.sendPromise(self, ballot, learner.through() + 1, learner.through(), learner.truncatedBelow(), out);
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendDurable(peer, new PaxosMessage.Prepare(ballot, learner.through() + 1));
            }
        }
    }

    /** Takes a promise; leads once a quorum has promised. Returns whether it leads now. */
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
        effects.note("leads");
        if (chosenThrough > learner.through()) {
            learner.knowChosen(chosenThrough, phaseOne.bestInformed());
        }
        return true;
    }

    /** Gives up candidacy or leadership. What was only queued is given back: it was not proposed. */
    void stepDown() {
        if (phase != Phase.IDLE) {
            effects.note("steps down");
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

    /** Takes a command to propose while leading; false if there is no room for it. */
    boolean enqueue(Submission submission) {
        if (queuedBytes + submission.sizeBytes() > limits.queueBytes()) {
            effects.note("queue full");
            return false;
        }
        submission.assigned = ballot;
        queue.add(submission);
        queuedBytes += submission.sizeBytes();
        return true;
    }

    /** A batch of this log is about to be applied, with so many callers on this node waiting for theirs. */
    void expect(int callers) {
        company.chosen(callers);
    }

    /**
     * Proposes what the window has room for: first what phase 1 found, then batches of what is queued. What comes while
     * the last batch is on its way to the own disk becomes one batch behind it; if it is too little to be worth a slot,
     * it waits until all before it is applied, since most of those who will propose next are waiting for just that, and
     * then for {@link Company}.
     *
     * @param waited whether what is queued has waited for long enough
     * @param applied whether all that was chosen is applied here
     * @param callers how many callers on this node wait for their commands
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
        boolean complete = applied && proposals.isEmpty() && company.isComplete(callers, now);
        long before = nextSlot;
        while (nextSlot <= chosenThrough + limits.windowSlots()
                && (nextSlot <= firstOwnSlot || batchIsDue(waited || complete))) {
            propose(nextSlot < firstOwnSlot ? recoveredValue(nextSlot) : nextBatch(wallMillis), out);
        }
        if (nextSlot > before) {
            company.proposed(now);
        } else if (!queue.isEmpty()) {
            company.setTimer(out);
        }
    }

    private boolean batchIsDue(boolean settled) {
        if (queue.isEmpty() || queuedBytes >= limits.batchBytes()) {
            return !queue.isEmpty();
        }
        boolean worthwhile = queuedBytes >= limits.batchBytes() / WORTHWHILE_PARTS;
        return worthwhile ? !isWriting() : settled && proposals.isEmpty();
    }

    /** Whether the last batch is neither on the own disk nor chosen without it. */
    private boolean isWriting() {
        return !proposals.isEmpty() && (proposals.getLast().votes & configuration.bit(self)) == 0;
    }

    /**
     * Whether slots are chosen that the others have not been told of. The next accept tells them, so a message
     * of its own is for those who wait, and for an idle log.
     */
    boolean hasNews() {
        return phase == Phase.LEADING && announced < chosenThrough;
    }

    /** Whether somebody else waits for the news: who forwarded a command, or whoever reads behind a new leader. */
    boolean newsIsAwaited() {
        return hasNews() && announced < awaitedSlot;
    }

    /** Phase 3 in a message of its own. */
    void announce(Outbox<PaxosMessage, LogRecord> out) {
        if (hasNews()) {
            announced = chosenThrough;
            broadcast(new PaxosMessage.Chosen(ballot, chosenThrough), out);
        }
    }

    /** Phase 2b came back. Chosen is what a quorum has accepted in this same ballot. */
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

    /** Takes for chosen what has its quorum, in the order of slots. */
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
     * Slots were learned as chosen from elsewhere. Returns false if this leader has proposed another value
     * there: a higher ballot has decided, and to say "chosen" in this one would vouch for the wrong value.
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

    /** Says again to a peer what it may have missed. */
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

    /** How many slots are proposed and not yet chosen. */
    int openSlots() {
        return proposals.size();
    }

    private Bytes recoveredValue(long slot) {
        LogEntry entry = recovered.remove(slot);
        if (entry != null) {
            return entry.value();
        }
        effects.note("fills a hole");
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
