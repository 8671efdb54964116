package io.loggos.benchmarks.harness.workload;

/** Workload that consists of one loop. */
public interface LoopWorkload extends Workload {
    /** Returns the loop, the same one every time. */
    Loop loop();

    @Override
    default void begin() {
        loop().begin();
    }

    @Override
    default void step() {
        loop().step();
    }

    @Override
    default void end() {
        loop().end();
    }
}
