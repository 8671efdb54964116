package io.loggos.internal.loop;

import io.loggos.api.spi.Clock;

/**
 * A duty cycle: each call does the work that is due and returns.
 *
 * <p>Another class makes the calls, one at a time: a thread or the simulation.
 */
public interface Agent {
    /** The name for its thread. */
    String name();

    /** Does some of the work that is due. Returns the amount of work done, or 0 if there was none. */
    int doWork();

    /**
     * The time of the next work that needs no wake-up, in {@link Clock#nanos}.
     *
     * <p>A time in the past means that there is work now, and {@link Long#MAX_VALUE} that there will be none.
     */
    long nextWorkNanos();
}
