package io.loggos.paxos.synod.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.process.Outbox;
import io.loggos.api.process.Process;
import io.loggos.api.process.TimerId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.Configuration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node of a synod, which decides one value once and for all: acceptor, proposer and learner in one
 * (Lamport, <i>Paxos Made Simple</i>, section 2; there "number" is what is "ballot" here). At most one value
 * is ever decided, it is one that somebody proposed, and both hold with any loss, repetition, delay and
 * reordering of messages and any number of crashes. Once a quorum is up and one of its members proposes
 * undisturbed for long enough, there is a decision.
 *
 * <p>What the acceptor promises and accepts is in a log, as the records of {@link #SLOT}, before anybody hears
 * of it; a new life begins with what {@link RecoveredLog} says. The rest is volatile. What no honest peer can
 * send, such as two values in one ballot, stops the process with an {@link IllegalStateException}.
 */
public final class Synod implements Process<SynodMessage, LogRecord>, SynodMessage.Handler {
    /** The timers of a synod. */
    public enum Timer implements TimerId {
        /** Tries again what has led to no decision yet; set until there is one. */
        RETRY
    }

    /** Is told the decision, once in a life. */
    @FunctionalInterface
    public interface Listener {
        void decided(Bytes value);
    }

    /** Where the decree lies in its log. */
    public static final long SLOT = 1;

    /** No ballot is this far above the promise but by a broken or hostile peer. */
    static final long MAX_ROUND_JUMP = 1L << 32;

    private static final int MAX_BACKOFF_SHIFT = 6;

    private enum Phase {
        IDLE,
        PREPARING,
        PROPOSING
    }

    private final NodeId self;
    private final LogId log;
    private final Configuration configuration;
    private final long retryNanos;
    private final RandomGenerator random;
    private final Listener listener;

    /** Acceptor, durable before it is answered: accepts nothing below (P1a). Only rises. */
    private Ballot promised;
    /** Acceptor, durable before it is answered: never above the promise, and only replaced by a higher ballot. */
    private @Nullable LogEntry accepted;

    /** Proposer: what it wants to be decided, if it is free to choose. Set once. */
    private @Nullable Bytes wish;

    /** Proposer: unless idle, {@link #ballot} is what the own acceptor has promised. */
    private Phase phase = Phase.IDLE;
    /** Proposer: its last one; it never takes one twice, not even in another life (2.5). */
    private Ballot ballot = Ballot.ZERO;
    /** Proposer: who has promised {@link #ballot}, and the highest proposal that any of them had accepted. */
    private long promises;

    private Ballot highestAccepted = Ballot.ZERO;
    /** Proposer: the one value of {@link #ballot}; from phase 2 on its own acceptor has accepted it. */
    private Bytes proposal = Bytes.EMPTY;
    /** Proposer: who has accepted {@link #proposal} in {@link #ballot}, each durably. */
    private long votes;
    /** Proposer: the highest ballot heard of, its own included. */
    private Ballot seen;

    private int attempts;

    /** Learner: the decision. Set once. */
    private @Nullable Bytes decided;

    /**
     * A node as its log has it.
     *
     * @param retryNanos how long a ballot is given at least before the next one; above two round trips with
     *     their writes
     * @param random for waits
     */
    public Synod(
            NodeId self,
            LogId log,
            Configuration configuration,
            RecoveredLog recovered,
            long retryNanos,
            RandomGenerator random,
            Listener listener) {
        if (configuration.bit(self) == 0 || retryNanos <= 0) {
            throw new IllegalArgumentException(self + " of " + configuration + ", " + retryNanos + " ns");
        }
        this.self = self;
        this.log = log;
        this.configuration = configuration;
        this.retryNanos = retryNanos;
        this.random = random;
        this.listener = listener;
        promised = recovered.promised();
        for (LogEntry entry : recovered.open()) {
            if (entry.slot() == SLOT) {
                accepted = entry;
                promised = entry.ballot().isAbove(promised) ? entry.ballot() : promised;
            }
        }
        seen = promised;
    }

    /** Begins to take part: asks what it may have missed. */
    public void start(long now, Outbox<SynodMessage, LogRecord> out) {
        broadcast(new SynodMessage.Learn(), out);
        setTimer(now, out);
    }

    /** Wants a value decided, this one or any other. The first one that this node wanted stays its wish. */
    public void propose(Bytes value, long now, Outbox<SynodMessage, LogRecord> out) {
        if (wish == null && decided == null) {
            wish = value;
            prepare(value, now, out);
            checkInvariants();
        }
    }

    @Override
    public void onMessage(NodeId from, SynodMessage message, long now, Outbox<SynodMessage, LogRecord> out) {
        if (configuration.bit(from) != 0) {
            message.dispatch(from, now, out, this);
            checkInvariants();
        }
    }

    /**
     * Tries again. Two proposers can outbid each other without end (section 2.4), so the waits are random, and
     * longer with each attempt.
     */
    @Override
    public void onTimer(TimerId id, long now, Outbox<SynodMessage, LogRecord> out) {
        if (decided != null) {
            return;
        }
        attempts++;
        if (wish != null) {
            prepare(wish, now, out);
        } else {
            broadcast(new SynodMessage.Learn(), out);
            setTimer(now, out);
        }
        checkInvariants();
    }

    // The acceptor.

    /**
     * Phase 1b (section 2.2): promises the ballot if it has promised none above it, and says what it has
     * accepted. Both rest on the write. An acceptor whose record is damaged cannot say what it has accepted,
     * so it promises and is silent.
     */
    @Override
    public void onPrepare(NodeId from, SynodMessage.Prepare prepare, long now, Outbox<SynodMessage, LogRecord> out) {
        if (isAnswered(from, prepare.ballot(), out)) {
            return;
        }
        raise(prepare.ballot(), out);
        sendPromise(from, out);
    }

    /** Phase 2b (section 2.2, P1a): accepts the proposal unless it has promised a higher ballot. */
    @Override
    public void onAccept(NodeId from, SynodMessage.Accept accept, long now, Outbox<SynodMessage, LogRecord> out) {
        if (isAnswered(from, accept.ballot(), out)) {
            return;
        }
        raise(accept.ballot(), out);
        accept(accept.ballot(), accept.value(), out);
        out.sendDurable(from, new SynodMessage.Accepted(accept.ballot()));
    }

    /** Whether a request needs no promise or vote: it is nobody's, or decided, or below the promise. */
    private boolean isAnswered(NodeId from, Ballot requested, Outbox<SynodMessage, LogRecord> out) {
        if (from.equals(self) || !requested.isOf(from) || !isPlausible(requested)) {
            return true;
        }
        if (decided != null) {
            out.sendNow(from, new SynodMessage.Chosen(decided));
            return true;
        }
        if (requested.isBelow(promised)) {
            out.sendNow(from, new SynodMessage.Refused(requested, promised));
            return true;
        }
        return false;
    }

    /** Promises a ballot, and abandons a lower one of its own: no quorum can be counted on for that any more. */
    private void raise(Ballot higher, Outbox<SynodMessage, LogRecord> out) {
        if (higher.isAbove(promised)) {
            promised = higher;
            out.persist(new LogRecord.Promised(log, higher));
            phase = Phase.IDLE;
            see(higher);
        }
    }

    private void sendPromise(NodeId to, Outbox<SynodMessage, LogRecord> out) {
        if (accepted == null) {
            out.sendDurable(to, new SynodMessage.Promise(promised, Ballot.ZERO, Bytes.EMPTY));
        } else if (!accepted.faulty()) {
            out.sendDurable(to, new SynodMessage.Promise(promised, accepted.ballot(), accepted.value()));
        }
    }

    private void accept(Ballot in, Bytes value, Outbox<SynodMessage, LogRecord> out) {
        if (accepted == null || !accepted.ballot().equals(in)) {
            accepted = LogEntry.of(SLOT, in, value);
            out.persist(new LogRecord.Accepted(log, SLOT, in, value));
        } else if (!accepted.value().equals(value)) {
            throw new IllegalStateException("two values in ballot " + in);
        }
    }

    // The proposer.

    /**
     * Phase 1a (section 2.2) in a ballot above every one seen. The requests leave behind the own promise: were
     * they to leave before it is durable, the next life could take the same ballot for another value (2.5).
     */
    private void prepare(Bytes value, long now, Outbox<SynodMessage, LogRecord> out) {
        ballot = seen.next(self);
        raise(ballot, out);
        phase = Phase.PREPARING;
        promises = 0;
        highestAccepted = Ballot.ZERO;
        proposal = value;
        sendPromise(self, out);
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendDurable(peer, new SynodMessage.Prepare(ballot));
            }
        }
        setTimer(now, out);
    }

    /**
     * Phase 2a (section 2.2, P2c): once a quorum has promised, proposes the value of the highest proposal that
     * any of it had accepted, or its own wish if none had. The own vote, too, counts only once it is durable.
     */
    @Override
    public void onPromise(NodeId from, SynodMessage.Promise promise, long now, Outbox<SynodMessage, LogRecord> out) {
        if (phase != Phase.PREPARING
                || !promise.ballot().equals(ballot)
                || !promise.accepted().isBelow(ballot)) {
            return;
        }
        if (promise.accepted().isAbove(highestAccepted)) {
            highestAccepted = promise.accepted();
            proposal = promise.value();
        }
        promises |= configuration.bit(from);
        if (configuration.isQuorum(promises)) {
            phase = Phase.PROPOSING;
            votes = 0;
            accept(ballot, proposal, out);
            out.sendDurable(self, new SynodMessage.Accepted(ballot));
            broadcast(new SynodMessage.Accept(ballot, proposal), out);
        }
    }

    /** A quorum has accepted the proposal of one ballot: its value is chosen (section 2.2). */
    @Override
    public void onAccepted(NodeId from, SynodMessage.Accepted vote, long now, Outbox<SynodMessage, LogRecord> out) {
        if (phase == Phase.PROPOSING && vote.ballot().equals(ballot)) {
            votes |= configuration.bit(from);
            if (configuration.isQuorum(votes)) {
                broadcast(new SynodMessage.Chosen(proposal), out);
                decide(proposal, out);
            }
        }
    }

    /** Abandons a ballot that somebody has outbid (section 2.2, at the end); the timer takes the next. */
    @Override
    public void onRefused(NodeId from, SynodMessage.Refused refused, long now, Outbox<SynodMessage, LogRecord> out) {
        if (isPlausible(refused.promised())) {
            see(refused.promised());
            if (refused.ballot().equals(ballot) && refused.promised().isAbove(ballot)) {
                phase = Phase.IDLE;
            }
        }
    }

    private void see(Ballot other) {
        seen = other.isAbove(seen) ? other : seen;
    }

    private boolean isPlausible(Ballot other) {
        return other.round() - promised.round() <= MAX_ROUND_JUMP;
    }

    // The learner.

    /** Phase 3 (section 2.3): the proposer that counted the votes tells all; who missed it asks. */
    @Override
    public void onChosen(NodeId from, SynodMessage.Chosen chosen, long now, Outbox<SynodMessage, LogRecord> out) {
        decide(chosen.value(), out);
    }

    @Override
    public void onLearn(NodeId from, SynodMessage.Learn learn, long now, Outbox<SynodMessage, LogRecord> out) {
        if (decided != null && !from.equals(self)) {
            out.sendNow(from, new SynodMessage.Chosen(decided));
        }
    }

    private void decide(Bytes value, Outbox<SynodMessage, LogRecord> out) {
        if (decided == null) {
            decided = value;
            phase = Phase.IDLE;
            out.timer(Timer.RETRY, Long.MAX_VALUE);
            listener.decided(value);
        } else if (!decided.equals(value)) {
            throw new IllegalStateException("decided both " + decided + " and " + value);
        }
    }

    private void broadcast(SynodMessage message, Outbox<SynodMessage, LogRecord> out) {
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendNow(peer, message);
            }
        }
    }

    private void setTimer(long now, Outbox<SynodMessage, LogRecord> out) {
        long spread = retryNanos << Math.min(attempts, MAX_BACKOFF_SHIFT);
        out.timer(Timer.RETRY, now + retryNanos + random.nextLong(spread));
    }

    private void checkInvariants() {
        if (accepted != null && accepted.ballot().isAbove(promised)) {
            throw new IllegalStateException("accepted " + accepted + " above the promise " + promised);
        }
        if (phase != Phase.IDLE && (decided != null || !promised.equals(ballot))) {
            throw new IllegalStateException(phase + " in " + ballot + " with a promise of " + promised);
        }
        if (phase == Phase.PROPOSING && (accepted == null || !accepted.ballot().equals(ballot))) {
            throw new IllegalStateException("proposes in " + ballot + ", accepted " + accepted);
        }
        if (seen.isBelow(promised) || seen.isBelow(ballot)) {
            throw new IllegalStateException("saw only " + seen + " of " + promised + " and " + ballot);
        }
    }
}
