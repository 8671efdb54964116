package io.loggos.benchmarks.harness.workload;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies that one thread records while the clocks of its {@link Measurement} run. */
public final class Latencies {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final Measurement measurement;
    private final Histogram histogram = empty();
    private long refused;

    Latencies(Measurement measurement) {
        this.measurement = measurement;
    }

    static Histogram empty() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }

    /** Records operations that have completed together. */
    public void completed(long latencyNanos, int operations) {
        if (measurement.isRunning()) {
            histogram.recordValueWithCount(Math.max(0, Math.min(latencyNanos, LONGEST_NANOS)), operations);
        }
    }

    /** Records an operation that was refused, which is no error. */
    public void refused() {
        if (measurement.isRunning()) {
            refused++;
        }
    }

    long refusedCount() {
        return refused;
    }

    void addTo(Histogram sum) {
        sum.add(histogram);
    }
}
