package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.configuration.StopSign;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.Submission;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.request.BatchDelay;
import io.loggos.paxos.core.request.BatchQueue;
import io.loggos.paxos.core.request.Leader;
import io.loggos.paxos.core.request.PhaseThree;
import io.loggos.paxos.core.session.LogTime;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The proposer of one log.
 *
 * <p>It runs phase 1 once for all slots ({@link PhaseOne}) and phase 2 for many slots at once ({@link PhaseTwo}). Then
 * it tells the others which slots are chosen ({@link PhaseThree}).
 *
 * <p>Leadership is volatile: a new life takes a new ballot (RULES.md P-10).
 */
public final class Proposer implements Leader {
    /** The present phase of a proposer. */
    public enum Phase {
        IDLE,
        PREPARING,
        LEADING
    }

    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Limits limits;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Effects effects;

    private Phase phase = Phase.IDLE;
    private Ballot ballot = Ballot.ZERO;
    private Ballot seen = Ballot.ZERO;

    private PhaseOne phaseOne;
    /** The values that phase 1 found above {@link #chosenThrough}, to be proposed again. */
    private SortedMap<Long, LogEntry> recovered = new TreeMap<>();
    /** The first slot of this ballot in which no earlier ballot can have a value. */
    private long firstOwnSlot;
    /** The last slot up to which all slots are chosen, even if this node lacks the values. */
    private long chosenThrough;

    private long nextSlot;
    /** True while no further batch is proposed, because another replica shall lead. */
    private boolean held;

    private final StopSign stopSign = new StopSign();
    private final PhaseTwo phaseTwo;
    private final PhaseThree phaseThree;
    private final BatchQueue queue;
    private final BatchDelay batchDelay;
    private final LogTime logTime = new LogTime();

    Proposer(
            NodeId self,
            CurrentConfiguration configuration,
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
        this.phaseOne = new PhaseOne(configuration.get());
        this.phaseTwo = new PhaseTwo(configuration);
        this.phaseThree = new PhaseThree(limits.heartbeatNanos());
        this.queue = new BatchQueue(limits);
        this.batchDelay = new BatchDelay(limits.batchDelayNanos());
    }

    Phase phase() {
        return phase;
    }

    @Override
    public boolean leads() {
        return phase == Phase.LEADING;
    }

    @Override
    public Ballot ballot() {
        return ballot;
    }

    @Override
    public long firstOwnSlot() {
        return firstOwnSlot;
    }

    @Override
    public long chosenThrough() {
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
        phaseOne = new PhaseOne(configuration.get());
        effects.note(PaxosEvent.CAMPAIGNS);
        acceptor.promiseOwn(ballot, out);
        out.retract((receiver, held) -> held instanceof PaxosMessage.Prepare);
        acceptor.sendPromise(self, ballot, learner.through() + 1, learner.through(), learner.truncatedBelow(), out);
        configuration.sendDurableToVoters(new PaxosMessage.Prepare(ballot, learner.through() + 1), out);
    }

    /** Ends the configuration as soon as possible, if this node leads: proposes nothing behind its stop-sign. */
    void stopWith(Configuration following) {
        stopSign.want(following);
    }

    /** True if this leader proposes a stop-sign, or will: its own, or one that phase 1 has found (RULES.md R-5). */
    boolean isStopping() {
        return stopSign.isComing();
    }

    /** Takes a promise and leads once a quorum has promised. Returns true if this node leads from now on. */
    boolean onPromise(NodeId from, PaxosMessage.Promise promise, long now) {
        if (phase != Phase.PREPARING
                || !promise.ballot().equals(ballot)
                || !learner.plausible(promise.chosenThrough())) {
            return false;
        }
        phaseOne.add(from, promise);
        if (!phaseOne.complete(learner.through())) {
            return false;
        }
        chosenThrough = phaseOne.chosenThrough(learner.through());
        phaseThree.begin();
        recovered = phaseOne.values(chosenThrough);
        String conflict = phaseOne.conflict();
        if (conflict != null) {
            effects.halt(conflict);
            return false;
        }
        recovered.values().forEach(entry -> stopSign.found(entry.value()));
        firstOwnSlot = (recovered.isEmpty() ? chosenThrough : recovered.lastKey()) + 1;
        nextSlot = chosenThrough + 1;
        logTime.takeOver(firstOwnSlot, now);
        phaseTwo.begin(chosenThrough);
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
        stopSign.clear();
        recovered.clear();
        phaseTwo.clear();
        queue.clear();
    }

    /** Begins no further slot, or goes on. Queued commands wait. */
    void hold(boolean now) {
        held = now;
    }

    @Override
    public boolean enqueue(Submission submission) {
        if (queue.offer(submission, ballot)) {
            return true;
        }
        effects.note(PaxosEvent.QUEUE_FULL);
        return false;
    }

    @Override
    public void expect(int callers) {
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
        boolean complete = applied && phaseTwo.isEmpty() && batchDelay.isComplete(callers, now);
        long before = nextSlot;
        while (!stopSign.isProposed()
                && nextSlot <= chosenThrough + limits.windowSlots()
                && (phaseTwo.hasRoom(limits) && out.hasRoom())
                && (nextSlot <= firstOwnSlot || stopSign.isDue(held) || batchIsDue(waited || complete))) {
            propose(nextSlot < firstOwnSlot ? recoveredValue(nextSlot) : nextBatch(now, wallMillis), out);
        }
        if (nextSlot > before) {
            batchDelay.proposed(now);
        } else if (!queue.isEmpty()) {
            batchDelay.setTimer(out);
        }
    }

    private boolean batchIsDue(boolean settled) {
        if (held || queue.isEmpty() || queue.fillsBatch()) {
            return !held && !queue.isEmpty();
        }
        // A last batch without this node's vote is neither on this node's disk nor chosen without it.
        return queue.isWorthwhile() ? !phaseTwo.lastLacksVoteOf(self) : settled && phaseTwo.isEmpty();
    }

    /**
     * Tells the others which slots are chosen, at once if another node waits for it, else a short time later.
     *
     * @param awaited true if some node waits for a slot, whether or not it is one that this node proposed
     */
    void tellNews(boolean awaited, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (phase == Phase.LEADING && phaseThree.isDue(awaited, chosenThrough, now, out)) {
            announce(out);
        }
    }

    /** Takes the end of the wait that {@link #tellNews} began. */
    void onAnnounceTimer(Outbox<PaxosMessage, LogRecord> out) {
        if (phaseThree.endWait(chosenThrough) && phase == Phase.LEADING) {
            announce(out);
        }
    }

    /** Tells all members which slots are chosen. */
    void announce(Outbox<PaxosMessage, LogRecord> out) {
        phaseThree.told(chosenThrough);
        configuration.sendToMembers(new PaxosMessage.Chosen(ballot, chosenThrough), out);
    }

    /** Phase 2b: counts a vote. A value is chosen when a quorum has accepted it in this ballot. */
    void onAccepted(NodeId from, PaxosMessage.Accepted accepted) {
        if (phase != Phase.LEADING || !accepted.ballot().equals(ballot)) {
            return;
        }
        if (from.equals(self)) {
            phaseTwo.written(accepted.slot());
        }
        if (accepted.slot() > chosenThrough && accepted.slot() < nextSlot) {
            phaseTwo.vote(from, accepted.slot());
            advance();
        }
    }

    /** Takes the values with a quorum as chosen, in slot order. */
    private void advance() {
        long before = chosenThrough;
        chosenThrough = phaseTwo.removeChosen(before);
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
        if (!phaseTwo.removeLearned(through, learner)) {
            return false;
        }
        chosenThrough = through;
        recovered.headMap(through + 1).clear();
        nextSlot = Math.max(nextSlot, through + 1);
        advance();
        return true;
    }

    /** Takes the log time behind a slot that is applied here. */
    void onApplied(long slot, long logTimeMillis) {
        logTime.applied(slot, logTimeMillis);
    }

    /** Sends a peer again the messages that it may have missed. */
    void resendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        if (phase == Phase.PREPARING) {
            if (configuration.bit(peer) != 0 && !phaseOne.hasAnswered(peer)) {
                out.retract((receiver, held) -> receiver.equals(peer) && held instanceof PaxosMessage.Prepare);
                out.sendDurable(peer, new PaxosMessage.Prepare(ballot, learner.through() + 1));
            }
        } else if (phase == Phase.LEADING) {
            if (configuration.bit(peer) != 0) {
                phaseTwo.forEachWithoutVoteOf(peer, (slot, value) -> out.sendNow(peer, accept(slot, value)));
            }
            out.sendNow(peer, new PaxosMessage.Chosen(ballot, chosenThrough));
        }
    }

    /** The number of slots that this leader has proposed and that are not on its own disk. */
    int unwrittenSlots() {
        return phaseTwo.unwritten();
    }

    /** True if this leader's disk has lacked a chosen slot for two election timeouts (RULES.md O-6). */
    boolean isLate(long now) {
        return phaseTwo.unwritten() > 0 && phaseTwo.isLate(chosenThrough, now, 2 * limits.electionNanos());
    }

    /** The number of slots that are proposed and not chosen yet. */
    int openSlots() {
        return phaseTwo.size();
    }

    private Bytes recoveredValue(long slot) {
        LogEntry entry = recovered.remove(slot);
        if (entry != null) {
            return entry.value();
        }
        effects.note(PaxosEvent.FILLS_HOLE);
        return Batch.noOp(0).bytes();
    }

    private Bytes nextBatch(long now, long wallMillis) {
        if (nextSlot > firstOwnSlot && stopSign.isDue(held)) {
            effects.note(PaxosEvent.PROPOSES_STOP_SIGN);
            return stopSign.batch(logTime.stamp(now, wallMillis));
        }
        Batch batch = queue.next(logTime.stamp(now, wallMillis));
        if (queue.lastWasForwarded()) {
            phaseThree.await(nextSlot);
        }
        return batch.bytes();
    }

    private void propose(Bytes value, Outbox<PaxosMessage, LogRecord> out) {
        long slot = nextSlot++;
        stopSign.proposes(value);
        if (slot <= firstOwnSlot) {
            phaseThree.await(slot);
        }
        phaseTwo.add(slot, value);
        acceptor.acceptOwn(self, ballot, slot, value, out);
        configuration.sendToVoters(accept(slot, value), out);
        phaseThree.told(chosenThrough);
    }

    private PaxosMessage.Accept accept(long slot, Bytes value) {
        return new PaxosMessage.Accept(ballot, slot, chosenThrough, value);
    }

    void checkInvariants() {
        if (phase == Phase.LEADING && nextSlot != chosenThrough + 1 + phaseTwo.size()) {
            throw new IllegalStateException("a gap between chosen and proposed");
        }
        if (phase != Phase.IDLE && acceptor.promised().isBelow(ballot)) {
            throw new IllegalStateException("ballot " + ballot + " is above this node's promise");
        }
    }
}
