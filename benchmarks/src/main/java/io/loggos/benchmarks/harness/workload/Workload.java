package io.loggos.benchmarks.harness.workload;

import org.jspecify.annotations.Nullable;

/** Something to measure, in stretches. One thread, unless it says otherwise. */
public interface Workload extends AutoCloseable {
    /** Makes everything flow. The clocks are not running. */
    void begin();

    /** Does the next piece of the work and records it. The clocks may be running. */
    void step();

    /** Lets everything that is under way end. The clocks are not running. */
    void end();

    /**
     * Looks, after the last stretch, whether what was done is right.
     *
     * @return whether the replicas agree; null if there are none
     */
    @Nullable
    Boolean verify();

    /** Ends all threads of it. */
    @Override
    void close();
}
