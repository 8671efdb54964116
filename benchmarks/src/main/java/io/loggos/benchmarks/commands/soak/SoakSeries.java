package io.loggos.benchmarks.commands.soak;

import io.loggos.benchmarks.harness.trial.Bound;
import io.loggos.benchmarks.harness.trial.Finding;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Samples of a soak, one a second, and its findings. The second window is compared with the last one. A window is a
 * minute, or a sixth of a soak shorter than six minutes. The first window is left to the compiler.
 */
record SoakSeries(List<Sample> samples) {
    private static final String WHAT = "soak";
    private static final int LONGEST_WINDOW = 60;
    private static final int LEAST_WINDOWS = 6;
    private static final double LEAST_PERCENT = 90;
    private static final double MOST_GAP_MILLIS = 250;
    private static final double MOST_GROWTH_PERCENT = 25;
    private static final double MEBIBYTE = 1 << 20;

    SoakSeries {
        samples = List.copyOf(samples);
        if (samples.size() < LEAST_WINDOWS) {
            throw new IllegalArgumentException(
                    "a series of " + samples.size() + " samples; at least " + LEAST_WINDOWS + " are needed");
        }
    }

    /** Returns the number of samples in a window. */
    int windowSamples() {
        return Math.min(LONGEST_WINDOW, samples.size() / LEAST_WINDOWS);
    }

    /** Returns the commands a second in the second window. */
    double secondWindowPerSecond() {
        int window = windowSamples();
        return perSecond(samples.subList(window, 2 * window));
    }

    /** Returns the commands a second in the last window. */
    double lastWindowPerSecond() {
        return perSecond(lastWindow());
    }

    /** Returns the longest gap between two commits. */
    long longestGapNanos() {
        return most(samples, Sample::longestGapNanos);
    }

    /** Returns the growth of the largest value from the first half to the second. */
    double growthPercent(ToLongFunction<Sample> figure) {
        return 100.0 * most(secondHalf(), figure) / Math.max(1, most(firstHalf(), figure)) - 100;
    }

    /** Returns the number of different values of a figure, besides the first. */
    long changes(ToLongFunction<Sample> figure) {
        return samples.stream().mapToLong(figure).distinct().count() - 1;
    }

    /** Returns the findings. */
    List<Finding> findings(String setting) {
        String windows = setting + ", windows of " + windowSamples() + " s";
        double before = secondWindowPerSecond();
        double after = lastWindowPerSecond();
        return List.of(
                Finding.of(WHAT, windows, "secondWindowCommandsPerSecond", before),
                Finding.of(WHAT, windows, "lastWindowCommandsPerSecond", after),
                new Finding(
                        WHAT, windows, "lastToSecondWindowPercent", 100 * after / before, Bound.atLeast(LEAST_PERCENT)),
                new Finding(WHAT, setting, "longestGapMillis", longestGapNanos() / 1e6, Bound.atMost(MOST_GAP_MILLIS)),
                new Finding(WHAT, setting, "elections", candidacies(), Bound.atMost(0)),
                count(setting, "mostLagSlots", most(samples, Sample::mostLagSlots)),
                count(windows, "mostLagInLastWindowSlots", most(lastWindow(), Sample::mostLagSlots)),
                new Finding(WHAT, setting, "checkpoints", changes(Sample::checkpointSlot), Bound.atLeast(2)),
                new Finding(WHAT, setting, "truncations", changes(Sample::firstSlot), Bound.atLeast(1)),
                mebibytes(setting, "firstHalfMostDiskMebibytes", most(firstHalf(), Sample::diskBytes)),
                mebibytes(setting, "secondHalfMostDiskMebibytes", most(secondHalf(), Sample::diskBytes)),
                new Finding(
                        WHAT,
                        setting,
                        "diskGrowthPercent",
                        growthPercent(Sample::diskBytes),
                        Bound.atMost(MOST_GROWTH_PERCENT)),
                mebibytes(setting, "firstHalfMostHeapMebibytes", most(firstHalf(), Sample::heapBytes)),
                mebibytes(setting, "secondHalfMostHeapMebibytes", most(secondHalf(), Sample::heapBytes)),
                new Finding(
                        WHAT,
                        setting,
                        "heapGrowthPercent",
                        growthPercent(Sample::heapBytes),
                        Bound.atMost(MOST_GROWTH_PERCENT)));
    }

    /** Returns a part of a soak as text for a person. */
    static String describe(List<Sample> part) {
        return String.format(
                Locale.ROOT,
                "%,.0f commands/s, longest gap %.0f ms, heap to %d MiB, disk to %d MiB, lag to %d slots",
                perSecond(part),
                most(part, Sample::longestGapNanos) / 1e6,
                most(part, Sample::heapBytes) >> 20,
                most(part, Sample::diskBytes) >> 20,
                most(part, Sample::mostLagSlots));
    }

    /** Returns the number of candidacies since the soak began. */
    int candidacies() {
        return Math.toIntExact(most(samples, Sample::candidacies));
    }

    private static Finding count(String setting, String figure, long value) {
        return Finding.of(WHAT, setting, figure, (double) value);
    }

    private static Finding mebibytes(String setting, String figure, long bytes) {
        return Finding.of(WHAT, setting, figure, bytes / MEBIBYTE);
    }

    private List<Sample> lastWindow() {
        return samples.subList(samples.size() - windowSamples(), samples.size());
    }

    private List<Sample> firstHalf() {
        return samples.subList(0, samples.size() / 2);
    }

    private List<Sample> secondHalf() {
        return samples.subList(samples.size() / 2, samples.size());
    }

    private static double perSecond(List<Sample> part) {
        double commits = part.stream().mapToDouble(Sample::commits).sum();
        return commits * 1e9 / part.stream().mapToDouble(Sample::nanos).sum();
    }

    private static long most(List<Sample> part, ToLongFunction<Sample> figure) {
        return part.stream().mapToLong(figure).max().orElse(0);
    }
}
