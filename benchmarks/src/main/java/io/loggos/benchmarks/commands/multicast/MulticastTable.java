package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** Reports of one run side by side, in plain text that is also Markdown. */
final class MulticastTable {
    private final List<MulticastReport> reports;

    MulticastTable(List<MulticastReport> reports) {
        this.reports = List.copyOf(reports);
    }

    /** Returns the figures, the ratios of Loggos to its peers, and the settings of each system. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        reports.stream().map(MulticastReport::machine).distinct().forEach(lines::add);
        lines.add("");
        reports.stream().map(MulticastReport::jvm).distinct().forEach(lines::add);
        lines.add("");
        lines.addAll(TextTable.lines(
                List.of("setting", "system", "multicasts/s", "p50 µs", "p99 µs", "CPU µs/dlv", "bytes/dlv", "faults"),
                reports.stream().map(MulticastTable::row).toList()));
        List<List<String>> ratios = ratios();
        if (!ratios.isEmpty()) {
            lines.add("");
            lines.add("Loggos against the others of the same run (multicasts/s: more is better; the rest: less is):");
            lines.add("");
            lines.addAll(TextTable.lines(
                    List.of("setting", "against", "multicasts/s", "p50", "p99", "CPU/dlv", "bytes/dlv"), ratios));
        }
        lines.add("");
        lines.addAll(TextTable.lines(
                List.of("system", "version", "settings"),
                reports.stream()
                        .map(report -> report.setting().subject())
                        .distinct()
                        .map(subject -> List.of(subject.label(), subject.version(), subject.durability()))
                        .toList()));
        return lines;
    }

    private static List<String> row(MulticastReport report) {
        return List.of(
                report.setting().text(),
                report.setting().subject().label(),
                TextTable.number("%,.0f", report.figures().opsPerSecond()),
                TextTable.number("%,.0f", report.p50Micros()),
                TextTable.number("%,.0f", report.p99Micros()),
                TextTable.number("%,.2f", report.cpuMicrosPerDelivery()),
                TextTable.number("%,.0f", report.allocatedBytesPerDelivery()),
                report.fault());
    }

    private List<List<String>> ratios() {
        List<List<String>> rows = new ArrayList<>();
        for (MulticastReport loggos : reports) {
            if (!loggos.setting().system().equals(Subject.LOGGOS)) {
                continue;
            }
            for (MulticastReport other : reports) {
                if (isComparable(loggos, other)) {
                    rows.add(ratios(loggos, other));
                }
            }
        }
        return rows;
    }

    private static boolean isComparable(MulticastReport loggos, MulticastReport other) {
        MulticastSetting ours = loggos.setting();
        MulticastSetting theirs = other.setting();
        return !theirs.system().equals(ours.system())
                && theirs.measure() == ours.measure()
                && theirs.payloadBytes() == ours.payloadBytes()
                && (theirs.isFloor() || theirs.text().equals(ours.text()));
    }

    private static List<String> ratios(MulticastReport loggos, MulticastReport other) {
        return List.of(
                loggos.setting().text(),
                other.setting().subject().label(),
                TextTable.ratio(loggos.figures().opsPerSecond(), other.figures().opsPerSecond()),
                TextTable.ratio(loggos.p50Micros(), other.p50Micros()),
                TextTable.ratio(loggos.p99Micros(), other.p99Micros()),
                TextTable.ratio(loggos.cpuMicrosPerDelivery(), other.cpuMicrosPerDelivery()),
                TextTable.ratio(loggos.allocatedBytesPerDelivery(), other.allocatedBytesPerDelivery()));
    }
}
