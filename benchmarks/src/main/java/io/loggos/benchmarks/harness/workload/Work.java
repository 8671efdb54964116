package io.loggos.benchmarks.harness.workload;

/** Work of a loop. Called by the one thread that drives the loop. */
public interface Work {
    /** Called before the first operation of a stretch. */
    default void begin() {}

    /** Starts one operation and returns without waiting for it. */
    void start(Operation operation);

    /** Called after the last operation of a stretch was started. */
    default void end() {}
}
