package io.loggos.paxos.synchronous.core;

import io.loggos.api.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One process of one run of consensus in a synchronous system with up to f crashes: f + 1 rounds, in each of which a
 * process multicasts the values that were new to it in the last one, its own in the first; after the last it decides
 * on the minimum of all that it has seen (Dolev and Strong, <i>Authenticated Algorithms for Byzantine Agreement</i>,
 * 1983; Coulouris and others, <i>Distributed Systems</i>, on consensus in a synchronous system; Lynch, <i>Distributed
 * Algorithms</i>, 6.2, FloodSet). A value is multicast by a process at most once.
 *
 * <p><b>Why f + 1.</b> If in one round nobody crashes, then all have seen the same values at its end, and nothing new
 * comes up afterwards. Of f + 1 rounds with at most f crashes, one is such. With f rounds each may have its crash: a
 * value may pass from one that crashes to the next, and reach in the last round some and not others.
 *
 * <p><b>Assumed.</b> (1) A process only fails by crashing, and at most f do; the multicast in which it crashes may
 * reach any of the others. (2) Every other message arrives at every process before that process ends the round of the
 * message, and not before the round before it has begun there. For that the length of a round is above the longest
 * delivery plus the largest difference between the moments at which two processes begin the run, and clocks run alike
 * enough to keep it so. A process begins when it is told to, or with the first message: if not all are told to at one
 * time, that difference may be f + 1 deliveries, for up to f processes that crash may each tell but one other.
 *
 * <p><b>What breaks otherwise.</b> With more than f crashes, or a message that comes after its round, two processes
 * may decide differently. A process that sees a message out of its round, or overslept one, tells so
 * ({@link Effects#outOfStep}) and ends without a decision; but it need not come to see it. So this is not what Loggos
 * decides the slots of its logs with: Paxos is slower to explain and right without any bound on time.
 */
public final class SynchronousConsensus {
    /** What comes out of a run. */
    public interface Effects {
        /** Sends to all processes; whether to this one as well makes no difference. */
        void multicast(RoundMessage message);

        /** Wants {@link SynchronousConsensus#onTimer} to be called at that time, in nanoseconds. */
        void timer(long atNanos);

        /** The run has ended with this value. */
        void decided(Bytes value);

        /**
         * The run has ended without a decision: what is assumed about time does not hold.
         *
         * @param messageRound the round of a message that a process has sent
         * @param round the round that this process was in when it came, 0 before the first
         */
        void outOfStep(int messageRound, int round);
    }

    private static final int ENDED = Integer.MAX_VALUE;

    private final int rounds;
    private final long roundNanos;
    private final Bytes own;
    private final Effects effects;

    /** All values seen in rounds that have ended, and the own. */
    private final TreeSet<Bytes> values = new TreeSet<>();

    /** The values in the messages of this round and of the next: a process whose clock is ahead sends early. */
    private TreeSet<Bytes> received = new TreeSet<>();

    private TreeSet<Bytes> receivedEarly = new TreeSet<>();

    /** From 1; 0 before the run begins here. */
    private int round;

    private long roundEndsAt;

    /**
     * A process that has not begun.
     *
     * @param faults how many processes may crash, f
     * @param roundNanos the length of a round, the same at all processes
     * @param own the value that it proposes
     */
    public SynchronousConsensus(int faults, long roundNanos, Bytes own, Effects effects) {
        if (faults < 0 || faults >= ENDED - 1 || roundNanos <= 0) {
            throw new IllegalArgumentException(faults + " faults, rounds of " + roundNanos + " ns");
        }
        this.rounds = faults + 1;
        this.roundNanos = roundNanos;
        this.own = own;
        this.effects = effects;
    }

    /** Begins the run, unless a message of another process has begun it already. */
    public void start(long now) {
        if (round == 0) {
            roundEndsAt = now;
            beginRound(new TreeSet<>(List.of(own)));
        }
    }

    /** Takes a message of any process. The first one of the first round begins the run. */
    public void onMessage(RoundMessage message, long now) {
        if (round == 0 && message.round() == 1) {
            start(now);
        }
        if (round == ENDED) {
            return;
        }
        if (round > 0 && message.round() == round) {
            received.addAll(message.values());
        } else if (round > 0 && message.round() == round + 1 && round < rounds) {
            receivedEarly.addAll(message.values());
        } else {
            outOfStep(message.round());
        }
    }

    /** Ends the round if it is time to. A whole round overslept is one in which nothing was sent. */
    public void onTimer(long now) {
        if (round == 0 || round == ENDED || now < roundEndsAt) {
            return;
        }
        if (now - roundEndsAt >= roundNanos) {
            outOfStep(round + 1);
            return;
        }
        TreeSet<Bytes> fresh = received;
        fresh.removeAll(values);
        received = receivedEarly;
        receivedEarly = new TreeSet<>();
        if (round < rounds) {
            beginRound(fresh);
        } else {
            values.addAll(fresh);
            round = ENDED;
            effects.decided(Collections.min(values));
        }
    }

    private void beginRound(SortedSet<Bytes> fresh) {
        round++;
        values.addAll(fresh);
        roundEndsAt += roundNanos;
        effects.timer(roundEndsAt);
        if (!fresh.isEmpty()) {
            effects.multicast(new RoundMessage(round, fresh));
        }
    }

    private void outOfStep(int messageRound) {
        int was = round;
        round = ENDED;
        effects.outOfStep(messageRound, was);
    }
}
