package io.loggos.paxos.core.request;

import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReplicaTimer;
import io.loggos.paxos.core.process.Outbox;

/**
 * Delays a small batch until as many callers wait as were served by the previous batch.
 *
 * <p>Callers that are answered together tend to propose again a moment later, one after the other. A batch of the first
 * few would split them for good into groups that wait for each other's slots. So the next batch waits until as many
 * callers wait as did when the last batch was chosen. A lone caller never waits.
 *
 * <p>A wait takes at most a part of the time that the last slot took. Waits that end in vain become rarer.
 */
public final class BatchDelay {
    /** Divisor of the longest wait: the time from a proposal until it is applied, divided by this. */
    private static final int PARTS_OF_SLOT = 4;

    private static final int MOST_SKIPPED = 63;
    private static final long NEVER = Long.MIN_VALUE;

    private final long mostNanos;
    /** The number of callers that waited when the last batch was chosen. */
    private int expected;

    private long proposedAtNanos;
    /** The end of the wait that began when the last proposal was applied. {@link #NEVER} before the first check. */
    private long untilNanos = NEVER;

    private boolean timed;
    private boolean inVain;
    /**
     * The number of proposals that still go without a wait. {@link #penalty} is that number after the next vain wait.
     */
    private int skips;

    private int penalty = 1;

    /**
     * Creates the delay.
     *
     * @param mostNanos the longest wait. A slot that waited for a majority may have taken far longer
     */
    public BatchDelay(long mostNanos) {
        this.mostNanos = mostNanos;
    }

    /** Reports that a batch is chosen and its callers are about to be answered. */
    public void chosen(int callers) {
        expected = callers;
    }

    /** Tells if the next batch may go. Called when everything before it is applied. */
    public boolean isComplete(int callers, long now) {
        if (untilNanos == NEVER) {
            untilNanos = now + Math.min(mostNanos, (now - proposedAtNanos) / PARTS_OF_SLOT);
        }
        inVain = callers < expected && skips == 0 && now >= untilNanos;
        return inVain || callers >= expected || skips > 0;
    }

    /** Sets the timer that ends the wait, if a wait has begun. */
    public void setTimer(Outbox<PaxosMessage, LogRecord> out) {
        if (untilNanos != NEVER && !timed) {
            timed = true;
            out.timer(ReplicaTimer.BATCH_DELAY, untilNanos);
        }
    }

    /** Reports that something was proposed. */
    public void proposed(long now) {
        if (inVain) {
            skips = penalty;
            penalty = Math.min(2 * penalty + 1, MOST_SKIPPED);
        } else if (skips > 0) {
            skips--;
        } else {
            penalty = 1;
        }
        inVain = false;
        timed = false;
        proposedAtNanos = now;
        untilNanos = NEVER;
    }
}
