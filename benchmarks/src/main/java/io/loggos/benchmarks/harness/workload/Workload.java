package io.loggos.benchmarks.harness.workload;

import org.jspecify.annotations.Nullable;

/** Something to measure. */
public interface Workload extends Stepped, AutoCloseable {
    /** Tells, after the last stretch, if the replicas agree; null if there are none. */
    @Nullable
    Boolean verify();

    /** Ends all threads of it. */
    @Override
    void close();
}
