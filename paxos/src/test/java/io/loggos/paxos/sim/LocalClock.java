package io.loggos.paxos.sim;

import io.loggos.api.spi.Clock;
import io.loggos.testkit.VirtualTime;
import java.util.random.RandomGenerator;

/**
 * The clocks of one life of a node.
 *
 * <p>Monotonic time begins anywhere, as that of a process does, and its rate is wrong by at most 1 %. The wall clock may
 * be wrong by any time, and may jump.
 */
final class LocalClock implements Clock {
    /** Divisor of the time that passes: the greatest error of a clock's rate is one part in so many. */
    static final int RATE_ERROR_DIVISOR = 100;

    private static final long MOST_ORIGIN_NANOS = 1L << 52;
    private static final long RATE_PARTS = 1_000_000;
    /** The greatest error of a clock's rate, in millionths. */
    static final int MOST_RATE_ERROR_PPM = (int) RATE_PARTS / RATE_ERROR_DIVISOR;

    private final VirtualTime time;
    private final long originNanos;
    /** The error of the rate, in millionths. */
    private final long rateError;

    private long wallErrorMillis;
    /** The events that happen while its reader stands still, once it has read the time. */
    private Runnable standstill = () -> {};

    private LocalClock(VirtualTime time, long originNanos, long rateError, long wallErrorMillis) {
        this.time = time;
        this.originNanos = originNanos;
        this.rateError = rateError;
        this.wallErrorMillis = wallErrorMillis;
    }

    /** A clock that shows the time of the simulation. */
    static LocalClock exact(VirtualTime time, long wallErrorMillis) {
        return new LocalClock(time, 0, 0, wallErrorMillis);
    }

    /** A clock that differs from all others. */
    static LocalClock drawn(VirtualTime time, long wallErrorMillis, RandomGenerator random) {
        long most = MOST_RATE_ERROR_PPM;
        long origin = random.nextLong(MOST_ORIGIN_NANOS);
        // Most clocks are as wrong as may be, because these tell most.
        long error = Math.max(-most, Math.min(most, 3 * random.nextLong(-most, most + 1)));
        return new LocalClock(time, origin, error, wallErrorMillis);
    }

    @Override
    public long nanos() {
        long shown = originNanos + shownAt(time.nanos());
        Runnable now = standstill;
        standstill = () -> {};
        now.run();
        return shown;
    }

    /** Lets something happen behind the next reading of the monotonic time, before its reader gets it. */
    void atNextReading(Runnable action) {
        standstill = action;
    }

    @Override
    public long wallMillis() {
        return time.wallMillis() + wallErrorMillis;
    }

    long wallErrorMillis() {
        return wallErrorMillis;
    }

    void wallErrorMillis(long millis) {
        wallErrorMillis = millis;
    }

    private long shownAt(long simulationNanos) {
        return simulationNanos + simulationNanos * rateError / RATE_PARTS;
    }

    /** Returns the time of the simulation from which on this clock shows a time. */
    long simulationNanos(long nanos) {
        if (nanos == Long.MIN_VALUE || nanos == Long.MAX_VALUE) {
            return nanos;
        }
        long shown = nanos - originNanos;
        // The quotient and the rest apart, because the product of a far time does not fit.
        long parts = RATE_PARTS + rateError;
        long at = shown / parts * RATE_PARTS + shown % parts * RATE_PARTS / parts;
        while (shownAt(at) < shown) {
            at++;
        }
        return at;
    }
}
