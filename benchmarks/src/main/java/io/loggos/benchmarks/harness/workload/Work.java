package io.loggos.benchmarks.harness.workload;

/** What a loop does again and again. Called by the one thread that drives the loop. */
public interface Work {
    /** Before the first operation of a stretch. */
    default void begin() {}

    /** Starts one operation and returns without waiting for it. */
    void start(Operation operation);

    /** After the last operation of a stretch was started. */
    default void end() {}
}
