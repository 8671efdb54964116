package io.loggos.benchmarks.harness.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Figures;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private final Measurement measurement = new Measurement();

    @Test
    void sumsUpStretchesAndThreadsAndLeavesOutWhatIsBetween() {
        Latencies one = measurement.newLatencies();
        Latencies other = measurement.newLatencies();
        one.completed(1_000, 7);
        measurement.start();
        one.completed(2_000_000, 3);
        measurement.stop();
        other.completed(1_000, 7);
        other.refused();
        measurement.start();
        other.completed(4_000_000, 3);
        other.refused();
        measurement.stop();
        Figures figures = measurement.figures(3);
        assertEquals(2_000, figures.p50Micros(), 2);
        assertEquals(4_000, figures.p99Micros(), 4);
        assertTrue(figures.opsPerSecond() > 0);
        assertEquals(1, measurement.refused());
    }

    @Test
    void countsWhatOtherProcessesUse() {
        long[] used = {1_000};
        measurement.countElsewhere(() -> used[0], () -> used[0]);
        Latencies latencies = measurement.newLatencies();
        measurement.start();
        latencies.completed(1, 1);
        used[0] += 60_000_000_000L;
        measurement.stop();
        Figures figures = measurement.figures(1);
        assertTrue(figures.cpuMicrosPerOp() >= 60_000_000, figures::toString);
        assertTrue(figures.allocatedBytesPerOp() >= 60_000_000_000L, figures::toString);
    }
}
