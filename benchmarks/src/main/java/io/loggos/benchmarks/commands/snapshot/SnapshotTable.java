package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.report.TextTable;
import io.loggos.benchmarks.harness.trial.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Results without snapshots and with them, side by side, in plain text that is also Markdown. */
final class SnapshotTable {
    private static final Bound THROUGHPUT_PERCENT = Bound.atLeast(95);
    private static final Bound P99_PERCENT = Bound.atMost(120);
    private static final Bound TAKEN_PERCENT = Bound.atLeast(100);

    private final SnapshotReport without;
    private final SnapshotReport with;
    private final SnapshotSettings settings;

    SnapshotTable(SnapshotReport without, SnapshotReport with, SnapshotSettings settings) {
        this.without = without;
        this.with = with;
        this.settings = settings;
    }

    /** Returns the figures, the bounds, and the times of the snapshots. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                with.load().machine(),
                "",
                with.load().jvm(),
                "",
                with.load().subject().version() + ", " + settings.describe(),
                ""));
        lines.addAll(TextTable.lines(
                List.of("", "puts/s", "p50 µs", "p99 µs", "p99.9 µs", "CPU µs/op", "bytes/op", "faults"),
                Stream.of(without, with).map(SnapshotTable::figures).toList()));
        lines.add("");
        lines.addAll(TextTable.lines(List.of("with snapshots, % of without", "value", "bound", ""), ratios()));
        lines.add("");
        lines.addAll(TextTable.lines(
                List.of("state, MiB", "snapshots due", "taken", "failed", "p50 ms", "p99 ms", "first, ms"),
                List.of(times())));
        return lines;
    }

    private static List<String> figures(SnapshotReport report) {
        Figures figures = report.load().figures();
        return List.of(
                report.load().subject().label(),
                TextTable.number("%,.0f", figures.opsPerSecond()),
                TextTable.number("%,.0f", figures.p50Micros()),
                TextTable.number("%,.0f", figures.p99Micros()),
                TextTable.number("%,.0f", figures.p999Micros()),
                TextTable.number("%,.1f", figures.cpuMicrosPerOp()),
                TextTable.number("%,.0f", figures.allocatedBytesPerOp()),
                report.fault());
    }

    private List<List<String>> ratios() {
        Figures before = without.load().figures();
        Figures after = with.load().figures();
        SnapshotTimes times = with.times();
        return List.of(
                ratio("puts/s", after.opsPerSecond(), before.opsPerSecond(), THROUGHPUT_PERCENT),
                ratio("p99", after.p99Micros(), before.p99Micros(), P99_PERCENT),
                ratio("snapshots taken, % of those due", (double) times.taken(), (double) times.due(), TAKEN_PERCENT));
    }

    private static List<String> ratio(String what, double value, double other, Bound bound) {
        double percent = 100 * value / other;
        return List.of(
                what, TextTable.number("%,.1f", percent), bound.toString(), bound.holds(percent) ? "" : "MISSED");
    }

    private List<String> times() {
        SnapshotTimes times = with.times();
        return List.of(
                TextTable.number("%,.0f", with.stateBytes() / (double) (1 << 20)),
                Long.toString(times.due()),
                Long.toString(times.taken()),
                Long.toString(times.failed()),
                TextTable.number("%,.0f", times.p50Millis()),
                TextTable.number("%,.0f", times.p99Millis()),
                TextTable.number("%,.0f", times.firstMillis()));
    }
}
