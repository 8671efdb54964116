package io.loggos.benchmarks.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reports of one run side by side, in plain text that is also Markdown. There are the figures, the ratios of Loggos to
 * all others of the same setting, and the meaning of durable in each system.
 */
public final class ResultTable {
    /** Bytes per operation below which an allocation is no measure for others: less than an object. */
    private static final double LEAST_BYTES = 16;

    private final List<Report> reports;

    public ResultTable(List<Report> reports) {
        this.reports = List.copyOf(reports);
    }

    /** Returns all tables, with the machine and the JVM above them. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        distinct(reports.stream().map(Report::machine).toList()).forEach(lines::add);
        lines.add("");
        distinct(reports.stream().map(Report::jvm).toList()).forEach(lines::add);
        lines.add("");
        lines.addAll(figures());
        List<List<String>> ratios = ratios();
        if (!ratios.isEmpty()) {
            lines.add("");
            lines.add("Loggos against the others of the same run (operations/s: more is better; the rest: less is):");
            lines.add("");
            lines.addAll(TextTable.lines(
                    List.of("setting", "against", "ops/s", "p50", "p99", "CPU/op", "bytes/op"), ratios));
        }
        lines.add("");
        lines.addAll(durability());
        return lines;
    }

    private List<String> figures() {
        boolean open = reports.stream().anyMatch(report -> report.openLoad() != null);
        List<List<String>> rows = new ArrayList<>();
        for (Report report : reports) {
            Figures figures = report.figures();
            List<String> row = new ArrayList<>(List.of(
                    setting(report),
                    report.subject().label(),
                    TextTable.number("%,.0f", figures.opsPerSecond()),
                    TextTable.number("%,.0f", figures.p50Micros()),
                    TextTable.number("%,.0f", figures.p99Micros()),
                    TextTable.number("%,.0f", figures.p999Micros()),
                    TextTable.number("%,.1f", figures.cpuMicrosPerOp()) + clientPart(report),
                    TextTable.number("%,.0f", figures.allocatedBytesPerOp())));
            if (open) {
                OpenLoad load = report.openLoad();
                row.add(load == null ? "" : String.format(Locale.ROOT, "%,d", load.refused()));
                row.add(load == null ? "" : mebibytes(load.heapBeforeBytes()));
                row.add(load == null ? "" : mebibytes(load.heapAfterBytes()));
            }
            row.add(report.sound() ? "" : report.fault());
            rows.add(row);
        }
        List<String> head = new ArrayList<>(
                List.of("setting", "system", "ops/s", "p50 µs", "p99 µs", "p99.9 µs", "CPU µs/op", "bytes/op"));
        if (open) {
            head.addAll(List.of("refused", "heap before", "heap after"));
        }
        head.add("faults");
        return TextTable.lines(head, rows);
    }

    private List<List<String>> ratios() {
        List<List<String>> rows = new ArrayList<>();
        for (Report loggos : reports) {
            if (!loggos.subject().name().equals(Subject.LOGGOS)) {
                continue;
            }
            for (Report other : reports) {
                if (other.hasSettingOf(loggos) && !other.subject().equals(loggos.subject())) {
                    rows.add(ratios(loggos, other));
                }
            }
            floorSum(loggos).ifPresent(rows::add);
        }
        return rows;
    }

    private static List<String> ratios(Report loggos, Report other) {
        Figures ours = loggos.figures();
        Figures theirs = other.figures();
        return List.of(
                setting(loggos),
                other.subject().label(),
                TextTable.ratio(ours.opsPerSecond(), theirs.opsPerSecond()),
                TextTable.ratio(ours.p50Micros(), theirs.p50Micros()),
                TextTable.ratio(ours.p99Micros(), theirs.p99Micros()),
                TextTable.ratio(ours.cpuMicrosPerOp(), theirs.cpuMicrosPerOp()),
                theirs.allocatedBytesPerOp() < LEAST_BYTES
                        ? ""
                        : TextTable.ratio(ours.allocatedBytesPerOp(), theirs.allocatedBytesPerOp()));
    }

    /**
     * Returns the ratio to the sum of one synced write and one round trip, which bounds a commit from below. Applies
     * with one in flight only: with more, many commands share a frame.
     */
    private Optional<List<String>> floorSum(Report loggos) {
        Optional<Report> write = find(Floors.THREE_STORES, loggos);
        Optional<Report> roundTrip = find(Floors.ROUND_TRIP, loggos);
        if (loggos.inFlight() != 1 || write.isEmpty() || roundTrip.isEmpty()) {
            return Optional.empty();
        }
        double sum =
                write.get().figures().p50Micros() + roundTrip.get().figures().p50Micros();
        return Optional.of(List.of(
                setting(loggos),
                "three stores + round trip",
                "",
                TextTable.ratio(loggos.figures().p50Micros(), sum),
                "",
                "",
                ""));
    }

    private Optional<Report> find(Subject subject, Report like) {
        return reports.stream()
                .filter(report -> report.subject().equals(subject) && report.hasSettingOf(like))
                .findFirst();
    }

    private List<String> durability() {
        List<Subject> subjects = distinct(reports.stream().map(Report::subject).toList());
        return TextTable.lines(
                List.of("system", "version", "durable means"),
                subjects.stream()
                        .map(subject -> List.of(subject.label(), subject.version(), subject.durability()))
                        .toList());
    }

    private static <T> List<T> distinct(List<T> values) {
        Set<T> set = new LinkedHashSet<>(values);
        return List.copyOf(set);
    }

    private static String setting(Report report) {
        OpenLoad load = report.openLoad();
        String how = load == null
                ? String.format(Locale.ROOT, "%,d in flight", report.inFlight())
                : String.format(Locale.ROOT, "%,.0f/s due", load.offeredPerSecond());
        String operation = report.operation().isEmpty() ? "" : report.operation() + ", ";
        return operation + how + String.format(Locale.ROOT, ", %,d B", report.payloadBytes());
    }

    private static String clientPart(Report report) {
        Served served = report.served();
        return served == null ? "" : TextTable.number(" (client %,.1f)", served.clientCpuMicrosPerOp());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}
