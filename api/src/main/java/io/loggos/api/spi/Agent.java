package io.loggos.api.spi;

/**
 * A duty cycle: does what there is to do and returns. Who turns the crank is another class, a thread or the
 * simulation, one at a time.
 */
public interface Agent {
    /** A name for its thread. */
    String name();

    /** Does some of what there is to do; returns how much, 0 if there was nothing. */
    int doWork();

    /**
     * When there will next be something to do without anybody waking the agent, in {@link Clock#nanos}; in the past if
     * there is something now, and {@link Long#MAX_VALUE} if never.
     */
    long nextWorkNanos();
}
