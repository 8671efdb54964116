package io.loggos.paxos.synod.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.Process;
import io.loggos.paxos.core.process.TimerId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node of a synod, which decides a single value: acceptor, proposer and learner in one class.
 *
 * <p>It follows Lamport, <i>Paxos Made Simple</i>, section 2, where a "ballot" is called "number". At most one value is
 * decided, and some node proposed it. Both hold whatever messages are lost, repeated, delayed or reordered, and however
 * many nodes crash. There is a decision once a quorum is up and one of its members proposes undisturbed for long
 * enough.
 *
 * <p>The promises and accepted proposals of the acceptor are in a log, as the records of {@link #SLOT}, before any
 * other node learns of them. A new life begins with the contents of {@link RecoveredLog}. The rest of the state is
 * volatile. Input that no honest peer can send, such as two values in one ballot, stops the process with an {@link
 * IllegalStateException}.
 */
public final class Synod implements Process<SynodMessage, LogRecord>, SynodMessage.Handler {
    /** The timers of a synod. */
    public enum Timer implements TimerId {
        /** Starts the next attempt. Set until there is a decision. */
        RETRY
    }

    /** Receives the decision, once in a life. */
    @FunctionalInterface
    public interface Listener {
        void decided(Bytes value);
    }

    /** The slot of the decree in its log. */
    public static final long SLOT = 1;

    /** Greatest distance of a ballot's round from the promise. Only a broken or hostile peer exceeds it. */
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

    /** Acceptor: durable before it is answered. It accepts nothing below this ballot (P1a). Only rises. */
    private Ballot promised;
    /** Acceptor: durable before it is answered. Never above the promise; only a higher ballot replaces it. */
    private @Nullable LogEntry accepted;

    /** Proposer: the value that it wants decided if it is free to choose. Set once. */
    private @Nullable Bytes wish;

    /** Proposer: unless idle, its acceptor has promised {@link #ballot}. */
    private Phase phase = Phase.IDLE;
    /** Proposer: its last ballot. It never uses a ballot twice, not even in another life (2.5). */
    private Ballot ballot = Ballot.ZERO;
    /** Proposer: the nodes that promised {@link #ballot}, and the highest proposal that any of them had accepted. */
    private long promises;

    private Ballot highestAccepted = Ballot.ZERO;
    /** Proposer: the single value of {@link #ballot}. From phase 2 on its acceptor has accepted it. */
    private Bytes proposal = Bytes.EMPTY;
    /** Proposer: the nodes that have durably accepted {@link #proposal} in {@link #ballot}. */
    private long votes;
    /** Proposer: the highest ballot seen, its own included. */
    private Ballot seen;

    private int attempts;

    /** Learner: the decision. Set once. */
    private @Nullable Bytes decided;

    /**
     * Creates a node from the contents of its log.
     *
     * @param retryNanos the least time from one ballot to the next; above two round trips with their writes
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

    /** Begins to take part: asks for a decision that it may have missed. */
    public void start(long now, Outbox<SynodMessage, LogRecord> out) {
        broadcast(new SynodMessage.Learn(), out);
        setTimer(now, out);
    }

    /** Asks for a decision, on this value or on another. The first proposed value stays this node's wish. */
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
     * Starts the next attempt.
     *
     * <p>Two proposers can outbid each other without end (section 2.4). So the waits are random, and longer with each
     * attempt.
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
     * Phase 1b (section 2.2): promises the ballot unless a higher one was promised, and reports the accepted proposal.
     *
     * <p>The answer leaves after the write. An acceptor with a damaged record cannot report its accepted proposal, so
     * it promises without an answer.
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

    /** Tells if a request needs no promise or vote: it is invalid, decided already, or below the promise. */
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

    /** Promises a ballot, and gives up a lower ballot of this node, which may not get a quorum any more. */
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
     * Phase 1a (section 2.2), in a ballot above every one seen.
     *
     * <p>The requests leave after this node's promise is durable. If they left earlier, the next life could use the
     * same ballot for another value (2.5; RULES.md P-1).
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
     * Phase 2a (section 2.2, P2c): proposes once a quorum has promised.
     *
     * <p>The value is that of the highest proposal that any of the quorum had accepted, or this node's wish if there
     * was none. This node's vote, too, counts only once it is durable.
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

    /** A quorum has accepted the proposal of one ballot, so its value is chosen (section 2.2). */
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

    /** Gives up a ballot that another node has outbid (section 2.2, at the end). The timer starts the next one. */
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

    /**
     * Phase 3 (section 2.3): takes the decision. The proposer that counted the votes sends it, or a node that was
     * asked.
     */
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
