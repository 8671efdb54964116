package io.loggos.benchmarks.commands.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.trial.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakSeriesTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void windowsAreMinutesOrSixths() {
        assertEquals(60, series(600, i -> commits(1)).windowSamples());
        assertEquals(60, series(360, i -> commits(1)).windowSamples());
        assertEquals(10, series(60, i -> commits(1)).windowSamples());
        assertThrows(IllegalArgumentException.class, () -> series(5, i -> commits(1)));
    }

    @Test
    void theSecondWindowIsComparedWithTheLast() {
        // The first window is slow, the second fast, the last in between.
        SoakSeries series = series(60, i -> commits(i < 10 ? 10 : i < 20 ? 100 : 80));
        assertEquals(100, series.secondWindowPerSecond(), 1e-9);
        assertEquals(80, series.lastWindowPerSecond(), 1e-9);
        Finding ratio = finding(series, "lastToSecondWindowPercent");
        assertEquals(80, ratio.value(), 1e-9);
        assertFalse(ratio.holds());
    }

    @Test
    void secondsThatWereLongerCountAsMuchAsTheyLasted() {
        SoakSeries series = series(60, i -> new Sample(2 * SECOND, 100, 0, 0, 0, 0, 0, 1, 0));
        assertEquals(50, series.lastWindowPerSecond(), 1e-9);
    }

    @Test
    void halvesAreComparedByTheirLargest() {
        SoakSeries series =
                series(60, i -> new Sample(SECOND, 1, 0, i == 3 ? 100 : 50, i == 59 ? 150 : 100, 0, 0, 1, 0));
        assertEquals(-50, series.growthPercent(Sample::heapBytes), 1e-9);
        assertEquals(50, series.growthPercent(Sample::diskBytes), 1e-9);
        assertTrue(finding(series, "heapGrowthPercent").holds());
        assertFalse(finding(series, "diskGrowthPercent").holds());
    }

    @Test
    void aSingleGapOrElectionIsSeen() {
        SoakSeries series =
                series(60, i -> new Sample(SECOND, 1, i == 31 ? SECOND / 2 : 1000, 0, 0, 0, i < 40 ? 0 : 1, 1, 0));
        assertEquals(500, finding(series, "longestGapMillis").value(), 1e-9);
        assertFalse(finding(series, "longestGapMillis").holds());
        assertEquals(1, finding(series, "elections").value(), 1e-9);
        assertFalse(finding(series, "elections").holds());
    }

    @Test
    void checkpointsAreCountedByWhereTheyStand() {
        SoakSeries series = series(60, i -> new Sample(SECOND, 1, 0, 0, 0, 0, 0, 1 + i / 30, i / 10));
        assertEquals(5, finding(series, "checkpoints").value(), 1e-9);
        assertEquals(1, finding(series, "truncations").value(), 1e-9);
    }

    @Test
    void samplesArePassedOn() {
        Sample sample = new Sample(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertEquals(sample, Sample.parse(sample.toLine()));
        assertEquals(Sample.HEADER.split(",").length, sample.toLine().split(",").length);
        assertThrows(IllegalArgumentException.class, () -> Sample.parse("1,2"));
    }

    private static Sample commits(long commits) {
        return new Sample(SECOND, commits, 0, 0, 0, 0, 0, 1, 0);
    }

    private static SoakSeries series(int samples, IntFunction<Sample> sample) {
        return new SoakSeries(
                new ArrayList<>(IntStream.range(0, samples).mapToObj(sample).toList()));
    }

    private static Finding finding(SoakSeries series, String figure) {
        List<Finding> found = series.findings("a setting").stream()
                .filter(finding -> finding.figure().equals(figure))
                .toList();
        assertEquals(1, found.size(), figure);
        return found.get(0);
    }
}
