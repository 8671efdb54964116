package io.loggos.benchmarks.harness.workload;

/** Starts operations and records how they end, in stretches. One thread drives it. */
public interface Loop {
    /** A stretch begins. */
    void begin();

    /** Does what there is to do at this moment, or waits until there is something. */
    void step();

    /** Starts nothing more, and returns once everything under way is over. */
    void end();

    /** How many operations have succeeded since the loop was made, measured or not. */
    long succeeded();
}
