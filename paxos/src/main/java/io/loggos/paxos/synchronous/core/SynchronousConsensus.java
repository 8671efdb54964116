package io.loggos.paxos.synchronous.core;

import io.loggos.api.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One process in one run of consensus in a synchronous system with up to f crashes.
 *
 * <p>There are f + 1 rounds. In the first round a process multicasts its own value. In each later one it multicasts the
 * values that were new to it in the last round. After the last round it decides on the minimum of all values that it
 * has seen. A process multicasts a value at most once. Sources: Dolev and Strong, <i>Authenticated Algorithms for
 * Byzantine Agreement</i>, 1983; Coulouris and others, <i>Distributed Systems</i>, on consensus in a synchronous
 * system; Lynch, <i>Distributed Algorithms</i>, 6.2, FloodSet.
 *
 * <p><b>The reason for f + 1 rounds.</b> If no process crashes in a round, all have seen the same values at its end,
 * and nothing new comes up afterwards. With at most f crashes, one of f + 1 rounds has none. With f rounds each may
 * have its crash. A value may then pass from one crashing process to the next, and reach only some processes in the
 * last round.
 *
 * <p><b>Assumptions.</b>
 *
 * <ol>
 *   <li>A process fails only by crashing, and at most f do. The multicast during which it crashes may reach any of the
 *       others.
 *   <li>Every other message arrives at every process before that process ends the round of the message. It does not
 *       arrive before the previous round has begun there.
 * </ol>
 *
 * <p>The second assumption bounds the length of a round from below. A round must be longer than the longest delivery
 * plus the largest difference between two processes' starts. Clocks must run alike closely enough to keep it so. A
 * process begins when it is told to, or with the first message. If not all processes are told at one time, that
 * difference may be f + 1 deliveries. Each of f crashing processes may tell only one other.
 *
 * <p><b>If an assumption fails.</b> With more than f crashes, or a message that comes after its round, two processes
 * may decide differently. A process that sees a message out of its round, or that slept through a round, reports it
 * ({@link Effects#outOfStep}) and ends without a decision. A process may also fail to notice. So Loggos does not decide
 * the slots of its logs in this way: Paxos is harder to explain, but correct without any bound on time.
 */
public final class SynchronousConsensus {
    /** Receives the effects of a run. */
    public interface Effects {
        /** Sends to all processes. It makes no difference if this process is among them. */
        void multicast(RoundMessage message);

        /** Asks for a call of {@link SynchronousConsensus#onTimer} at this time, in nanoseconds. */
        void timer(long atNanos);

        /** Reports that the run has ended with this value. */
        void decided(Bytes value);

        /**
         * Reports that the run has ended without a decision, because an assumption about time does not hold.
         *
         * @param messageRound the round of a message that a process has sent
         * @param round the round of this process when the message came, 0 before the first
         */
        void outOfStep(int messageRound, int round);
    }

    private static final int ENDED = Integer.MAX_VALUE;

    private final int rounds;
    private final long roundNanos;
    private final Bytes own;
    private final Effects effects;

    /** All values seen in rounds that have ended, and this process's value. */
    private final TreeSet<Bytes> values = new TreeSet<>();

    /** The values in messages of this round and of the next one, which a process with a fast clock sends early. */
    private TreeSet<Bytes> received = new TreeSet<>();

    private TreeSet<Bytes> receivedEarly = new TreeSet<>();

    /** The round, from 1; 0 before the run begins here. */
    private int round;

    private long roundEndsAt;

    /**
     * Creates a process that has not begun.
     *
     * @param faults the number of processes that may crash, f
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

    /** Takes a message of any process. The first message of the first round begins the run. */
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

    /** Ends the round if its time is over. A process that slept through a whole round has sent nothing in it. */
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
