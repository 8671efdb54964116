package io.loggos.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sets the reports of one run side by side, in plain text that is also Markdown. */
public final class ResultTable {
    /** A floor that allocates less than an object for each operation is no measure for what does. */
    private static final double LEAST_BYTES = 16;

    private final List<Report> reports;

    public ResultTable(List<Report> reports) {
        this.reports = List.copyOf(reports);
    }

    /** What was measured, and how the commit path stands to its floors if both were. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(figures());
        List<List<String>> ratios = ratios();
        if (!ratios.isEmpty()) {
            lines.add("");
            lines.add("Commit against the floors of the same run (operations/s: more is better; the rest: less is):");
            lines.add("");
            lines.addAll(aligned(List.of("in flight", "floor", "ops/s", "p50", "CPU/op", "bytes/op"), ratios));
        }
        return lines;
    }

    private List<String> figures() {
        List<List<String>> rows = new ArrayList<>();
        for (Report report : reports) {
            rows.add(List.of(
                    report.subject().label(),
                    Integer.toString(report.inFlight()),
                    number("%,.0f", report.opsPerSecond()),
                    number("%,.0f", report.p50Micros()),
                    number("%,.0f", report.p99Micros()),
                    number("%,.1f", report.cpuMicrosPerOp()),
                    number("%,.0f", report.allocatedBytesPerOp()),
                    report.sound() ? "" : unsound(report)));
        }
        return aligned(
                List.of("system", "in flight", "ops/s", "p50 µs", "p99 µs", "CPU µs/op", "bytes/op", "faults"), rows);
    }

    private static String unsound(Report report) {
        return Boolean.FALSE.equals(report.replicasAgree()) ? "REPLICAS DIFFER" : report.errors() + " errors";
    }

    private List<List<String>> ratios() {
        List<List<String>> rows = new ArrayList<>();
        for (Report commit : reports) {
            if (commit.subject() != Subject.COMMIT) {
                continue;
            }
            for (Report floor : reports) {
                if (floor.subject().isFloor() && sameSetting(floor, commit)) {
                    rows.add(List.of(
                            Integer.toString(commit.inFlight()),
                            floor.subject().label(),
                            ratio(commit.opsPerSecond(), floor.opsPerSecond()),
                            ratio(commit.p50Micros(), floor.p50Micros()),
                            ratio(commit.cpuMicrosPerOp(), floor.cpuMicrosPerOp()),
                            floor.allocatedBytesPerOp() < LEAST_BYTES
                                    ? ""
                                    : ratio(commit.allocatedBytesPerOp(), floor.allocatedBytesPerOp())));
                }
            }
            floorSum(commit).ifPresent(rows::add);
        }
        return rows;
    }

    /**
     * A commit cannot be faster than one synced write and one round trip, one after the other. Only with one in flight:
     * many commands share a frame, and many calls are many.
     */
    private Optional<List<String>> floorSum(Report commit) {
        Optional<Report> write = find(Subject.THREE_STORES, commit);
        Optional<Report> roundTrip = find(Subject.ROUND_TRIP, commit);
        if (commit.inFlight() > 1 || write.isEmpty() || roundTrip.isEmpty()) {
            return Optional.empty();
        }
        double sum = write.get().p50Micros() + roundTrip.get().p50Micros();
        return Optional.of(List.of(
                Integer.toString(commit.inFlight()),
                "three stores + round trip",
                "",
                ratio(commit.p50Micros(), sum),
                "",
                ""));
    }

    private Optional<Report> find(Subject subject, Report like) {
        return reports.stream()
                .filter(report -> report.subject() == subject && sameSetting(report, like))
                .findFirst();
    }

    private static boolean sameSetting(Report one, Report other) {
        return one.inFlight() == other.inFlight() && one.payloadBytes() == other.payloadBytes();
    }

    private static String ratio(double value, double floor) {
        return floor > 0 ? number("%.2f ×", value / floor) : "";
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    private static List<String> aligned(List<String> head, List<List<String>> rows) {
        int[] widths = head.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(head, widths));
        StringBuilder rule = new StringBuilder("|");
        for (int width : widths) {
            rule.append(" ").append("-".repeat(width)).append(" |");
        }
        lines.add(rule.toString());
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - cells.get(i).length());
            line.append(' ');
            line.append(isNumeric(cells.get(i)) ? pad + cells.get(i) : cells.get(i) + pad);
            line.append(" |");
        }
        return line.toString();
    }

    private static boolean isNumeric(String cell) {
        return !cell.isEmpty() && Character.isDigit(cell.charAt(0));
    }
}
