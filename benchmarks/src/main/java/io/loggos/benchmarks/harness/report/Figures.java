package io.loggos.benchmarks.harness.report;

import java.util.Locale;

/**
 * What was measured.
 *
 * @param opsPerSecond operations that completed without an error
 * @param p50Micros from the call (in an open loop: from the time it was due) to its completion, as are the two that
 *     follow
 * @param cpuMicrosPerOp of all processes that take part: all nodes, the caller, compiler and collector; NaN if unknown
 * @param allocatedBytesPerOp on the heap, by all Java threads; NaN if unknown
 */
public record Figures(
        double opsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuMicrosPerOp,
        double allocatedBytesPerOp) {
    /** One line for a person. */
    public String summary() {
        return String.format(
                Locale.ROOT, "%,.0f operations/s, p50 %,.0f µs, p99 %,.0f µs", opsPerSecond, p50Micros, p99Micros);
    }
}
