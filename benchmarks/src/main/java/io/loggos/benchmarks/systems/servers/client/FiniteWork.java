package io.loggos.benchmarks.systems.servers.client;

import io.loggos.benchmarks.harness.workload.Work;

/** Work that is over some time. An operation that is started after that repeats the last. */
public interface FiniteWork extends Work {
    /** Tells if all of it was started. */
    boolean isOver();
}
