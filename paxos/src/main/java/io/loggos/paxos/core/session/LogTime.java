package io.loggos.paxos.core.session;

/**
 * The stamps of one leader: how log time goes on in the batches of its ballot (RULES.md SS-2).
 *
 * <p>Log time is a clock of the log. Its rate is that of the leader's monotonic clock. It leans towards the leader's
 * wall clock, by at most a tenth of the time that has passed. So a wall clock that is wrong or jumps can neither stop
 * log time nor make it jump. Only the first stamp of a log is a reading of a wall clock.
 *
 * <p>A new leader knows the log time before its ballot once its state machine has applied all slots before its ballot.
 * Earlier stamps of it are 0, which leaves log time as it is, because replicas take the larger of two stamps.
 */
public final class LogTime {
    /** The slack is the passed time, divided by this number. */
    public static final int SLACK_DIVISOR = 10;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The last slot that is applied here, and the log time behind it. */
    private long appliedSlot;

    private long appliedMillis;

    private long firstOwnSlot;
    /** True once {@link #millis} is the log time, so that stamps go on from it. */
    private boolean known;

    /** The last stamp, and the time since then that was not stamped yet because it is less than a millisecond. */
    private long millis;

    private long restNanos;
    /** The time of the last stamp; before the first one, of the takeover. */
    private long sinceNanos;

    /** Reports the log time behind a slot that the state machine has applied. */
    public void applied(long slot, long logTimeMillis) {
        appliedSlot = Math.max(appliedSlot, slot);
        appliedMillis = Math.max(appliedMillis, logTimeMillis);
    }

    /**
     * Begins a leadership.
     *
     * @param firstSlot the first slot in which no earlier ballot can have a value
     */
    public void takeOver(long firstSlot, long now) {
        firstOwnSlot = firstSlot;
        known = false;
        restNanos = 0;
        sinceNanos = now;
    }

    /** Returns the stamp of the next batch, in milliseconds since 1970. */
    public long stamp(long now, long wallMillis) {
        if (!known) {
            if (appliedSlot < firstOwnSlot - 1) {
                return 0;
            }
            known = true;
            millis = appliedMillis;
        }
        long passed = Math.max(0, now - sinceNanos);
        sinceNanos = now;
        if (millis == 0) {
            millis = Math.max(0, wallMillis);
            return millis;
        }
        restNanos += passed;
        restNanos += lean(passed / SLACK_DIVISOR, wallMillis);
        millis += restNanos / NANOS_PER_MILLI;
        restNanos %= NANOS_PER_MILLI;
        return millis;
    }

    /** Returns the step towards the wall clock, in nanoseconds, within this limit either way. */
    private long lean(long limitNanos, long wallMillis) {
        long aheadMillis = wallMillis - (millis + restNanos / NANOS_PER_MILLI);
        long limitMillis = limitNanos / NANOS_PER_MILLI + 1;
        long stepNanos = Math.max(-limitMillis, Math.min(limitMillis, aheadMillis)) * NANOS_PER_MILLI;
        return Math.max(-limitNanos, Math.min(limitNanos, stepNanos));
    }
}
