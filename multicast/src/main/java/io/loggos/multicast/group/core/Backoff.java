package io.loggos.multicast.group.core;

import io.loggos.multicast.group.core.model.GroupSettings;

/**
 * Pauses of a node between the end of one membership and the search for the next (RULES.md V-20).
 *
 * <p>The first pause is none. Each next one is twice as long, up to a bound, and differs from node to node. A
 * membership that has lasted makes the node begin anew.
 */
final class Backoff {
    private static final int MOST_DOUBLINGS = 16;

    private final GroupSettings settings;
    private int failures;

    Backoff(GroupSettings settings) {
        this.settings = settings;
    }

    /** Number of memberships that have failed one after the other. */
    int failures() {
        return failures;
    }

    /**
     * Returns the pause after a membership, in nanoseconds.
     *
     * @param life the member that has ended
     * @param lastedNanos the time that it was a member with the state of the group
     */
    long next(long life, long lastedNanos) {
        if (lastedNanos >= settings.longestPauseNanos()) {
            failures = 0;
        }
        int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
        failures++;
        if (doublings < 0) {
            return 0;
        }
        long pauseNanos = Math.min(settings.longestPauseNanos(), (settings.electionNanos() / 4) << doublings);
        return pauseNanos / 2 + Math.floorMod(mix(life + settings.self().value()), pauseNanos / 2 + 1);
    }

    /** Spreads a number over all bits (Steele, Lea and Flood 2014, "SplitMix"). */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
