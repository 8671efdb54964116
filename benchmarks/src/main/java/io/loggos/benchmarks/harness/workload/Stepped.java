package io.loggos.benchmarks.harness.workload;

import java.time.Duration;

/** Work that runs in stretches, step by step. One thread drives it, unless it says otherwise. */
public interface Stepped {
    /** Begins a stretch and starts the first operations. The clocks are not running. */
    void begin();

    /** Does the next piece of the work and records it, or waits until there is some. The clocks may be running. */
    void step();

    /** Starts nothing more, and returns once everything under way is over. The clocks are not running. */
    void end();

    /** Makes steps for a time. */
    default void stepFor(Duration time) {
        stepUntil(System.nanoTime() + time.toNanos());
    }

    /** Makes steps until a time, by {@link System#nanoTime}. */
    default void stepUntil(long deadlineNanos) {
        while (System.nanoTime() - deadlineNanos < 0) {
            step();
        }
    }
}
