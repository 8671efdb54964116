package io.loggos.benchmarks.harness.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Figures of a measurement.
 *
 * @param opsPerSecond operations that completed without an error
 * @param p50Micros median time from the call (in an open loop: from the time it was due) to its completion, as are the
 *     two that follow
 * @param cpuMicrosPerOp processor time of all processes that take part: all nodes, the caller, compiler and collector;
 *     NaN if unknown
 * @param allocatedBytesPerOp bytes allocated on the heap, by all Java threads; NaN if unknown
 */
public record Figures(
        double opsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicrosPerOp,
        double allocatedBytesPerOp) {
    private static final int PARTS = 6;

    /** Returns one line for a person. */
    public String summary() {
        return String.format(
                Locale.ROOT, "%,.0f operations/s, p50 %,.0f µs, p99 %,.0f µs", opsPerSecond, p50Micros, p99Micros);
    }

    /** Returns the same figures with the allocation unknown. */
    public Figures withoutAllocation() {
        return new Figures(opsPerSecond, p50Micros, p99Micros, p999Micros, cpuMicrosPerOp, Double.NaN);
    }

    /** Returns the figures of events, of which each operation was so many. Latencies stay those of the operation. */
    public Figures timesEvents(int events) {
        return new Figures(
                opsPerSecond * events,
                p50Micros,
                p99Micros,
                p999Micros,
                cpuMicrosPerOp / events,
                allocatedBytesPerOp / events);
    }

    /** Returns the figures in one line, with a blank between two. */
    public String toText() {
        return DoubleStream.of(opsPerSecond, p50Micros, p99Micros, p999Micros, cpuMicrosPerOp, allocatedBytesPerOp)
                .mapToObj(Double::toString)
                .collect(Collectors.joining(" "));
    }

    /** Reads {@link #toText} back. */
    public static Figures parse(String text) {
        double[] parts = Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("not figures: " + text);
        }
        return new Figures(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }
}
