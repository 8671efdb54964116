package io.loggos.benchmarks.harness.workload;

/** Loop that starts operations and records how they end. */
public interface Loop extends Stepped {
    /** Returns the number of operations that have succeeded since the loop was made, measured or not. */
    long succeeded();
}
