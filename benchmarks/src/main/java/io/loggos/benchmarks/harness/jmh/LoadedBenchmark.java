package io.loggos.benchmarks.harness.jmh;

import org.openjdk.jmh.annotations.Param;

/** Benchmark with a fixed number of operations in flight, each with a payload of a fixed size. */
public abstract class LoadedBenchmark extends MeasuredBenchmark {
    /** Operations under way at any time. */
    @Param({"1", "64", "1024"})
    public int inFlight;

    /** Bytes of an operation. */
    @Param("256")
    public int payloadBytes;

    @Override
    protected final int inFlight() {
        return inFlight;
    }

    @Override
    protected final int payload() {
        return payloadBytes;
    }
}
