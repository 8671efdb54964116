package io.loggos.paxos.core;

import io.loggos.api.process.Outbox;
import io.loggos.api.spi.LogRecord;

/**
 * Whether a small batch waits for company. Callers that are answered together tend to propose again, moments later and
 * one after the other; a batch of the first few of them would split them into groups that wait for each other's slots
 * for ever. So the next batch waits until as many callers are there as were when the last one was chosen: a lone caller
 * never waits. It waits for a part of the time that the last slot took at the most, and where such waits are in vain
 * they become rare.
 */
final class Company {
    /** A wait takes at the most this part of the time from a proposal until it is applied. */
    private static final int PARTS_OF_SLOT = 4;

    private static final int MOST_SKIPPED = 63;
    private static final long NEVER = Long.MIN_VALUE;

    private final long mostNanos;
    /** How many callers waited when the last batch was chosen. */
    private int expected;

    private long proposedAtNanos;
    /** The end of the wait that began once the last proposal was applied; {@link #NEVER} if it was not yet looked at. */
    private long untilNanos = NEVER;

    private boolean timed;
    private boolean inVain;
    /** How many proposals still go without a wait, and how many will after the next wait in vain. */
    private int skips;

    private int penalty = 1;

    /** @param mostNanos a wait is never longer, however long a slot took, which may have waited for a majority */
    Company(long mostNanos) {
        this.mostNanos = mostNanos;
    }

    /** A batch is chosen, and some of the callers are about to be answered. */
    void chosen(int callers) {
        expected = callers;
    }

    /** Whether the next batch may go, now that all before it is applied. */
    boolean isComplete(int callers, long now) {
        if (untilNanos == NEVER) {
            untilNanos = now + Math.min(mostNanos, (now - proposedAtNanos) / PARTS_OF_SLOT);
        }
        inVain = callers < expected && skips == 0 && now >= untilNanos;
        return inVain || callers >= expected || skips > 0;
    }

    /** Sees to it that the wait ends, if one has begun. */
    void setTimer(Outbox<PaxosMessage, LogRecord> out) {
        if (untilNanos != NEVER && !timed) {
            timed = true;
            out.timer(ReplicaTimer.COMPANY, untilNanos);
        }
    }

    /** Something was proposed. */
    void proposed(long now) {
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
