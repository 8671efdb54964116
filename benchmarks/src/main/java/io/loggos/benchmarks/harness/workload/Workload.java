package io.loggos.benchmarks.harness.workload;

import org.jspecify.annotations.Nullable;

/** Work that is measured. */
public interface Workload extends Stepped, AutoCloseable {
    /** Tells after the last stretch if the replicas agree; null if there are none. */
    @Nullable
    Boolean verify();

    /** Closes the workload and ends its threads. */
    @Override
    void close();
}
