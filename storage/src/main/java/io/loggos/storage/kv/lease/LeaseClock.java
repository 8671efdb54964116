package io.loggos.storage.kv.lease;

/** The monotonic clock of a node, and the thread on which the tasks of its leases run, one at a time. Any thread. */
interface LeaseClock extends AutoCloseable {
    /** The present time in nanoseconds, from any origin. */
    long nanos();

    /** Runs a short task once this time has passed. Drops it if the clock is closed before. */
    void after(long delayNanos, Runnable task);

    /** Drops all tasks. Does not wait for the one that runs. */
    @Override
    void close();
}
