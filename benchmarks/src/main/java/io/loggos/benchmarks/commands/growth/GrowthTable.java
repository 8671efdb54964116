package io.loggos.benchmarks.commands.growth;

import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Served;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of each system at each size, beside those of its smallest store. */
final class GrowthTable {
    private static final List<String> HEAD =
            List.of("operation", "system", "ops/s", "of the smallest", "p99", "memory, MiB", "of the smallest");

    private GrowthTable() {}

    /**
     * Returns the lines of the table.
     *
     * @param stages sizes in the order of the reports, the smallest first
     */
    static List<String> lines(List<Report> reports, List<GrowthPlan.Stage> stages) {
        List<List<String>> rows = new ArrayList<>();
        for (GrowthLoad load : GrowthLoad.values()) {
            Map<Subject, Report> smallest = new LinkedHashMap<>();
            for (GrowthPlan.Stage stage : stages) {
                String name = stage.name(load.text());
                reports.stream()
                        .filter(report -> report.operation().equals(name))
                        .forEach(report -> {
                            Report first = smallest.computeIfAbsent(report.subject(), subject -> report);
                            rows.add(row(report, first));
                        });
            }
        }
        return TextTable.lines(HEAD, rows);
    }

    private static List<String> row(Report report, Report first) {
        return List.of(
                report.operation(),
                report.subject().label(),
                TextTable.number("%,.0f", report.figures().opsPerSecond()),
                TextTable.ratio(report.figures().opsPerSecond(), first.figures().opsPerSecond()),
                TextTable.ratio(report.figures().p99Micros(), first.figures().p99Micros()),
                TextTable.number("%,.0f", residentBytes(report) / (1 << 20)),
                TextTable.ratio(residentBytes(report), residentBytes(first)));
    }

    private static double residentBytes(Report report) {
        Served served = report.served();
        return served == null ? Double.NaN : served.residentBytes();
    }
}
