package io.loggos.benchmarks.harness.workload;

/** A workload that is a loop and nothing else. */
public interface LoopWorkload extends Workload {
    /** The loop; the same one every time. */
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
