package io.loggos.benchmarks.harness.trial;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** Report of a trial: its findings and faults. For one thread. */
public final class TrialReport {
    private static final List<String> HEAD = List.of("trial", "setting", "figure", "value", "bound", "");

    private final String machine;
    private final String version;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private String jvm = "";

    /**
     * Creates a report without findings.
     *
     * @param version version of the system that is tried
     */
    public TrialReport(String machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /** Sets the description of the JVMs of the trial, with their options. */
    public void ranIn(String description) {
        jvm = description;
    }

    /** Adds a figure. */
    public void add(Finding finding) {
        findings.add(finding);
    }

    /** Adds a fault, which makes the figures worthless: lost commands, or replicas that differ. */
    public void fault(String what) {
        faults.add(what);
        ProgressLine.complain("FAULT: " + what);
    }

    /** Tells if there was no fault. A missed bound is none. */
    public boolean sound() {
        return faults.isEmpty();
    }

    /** Returns the lines for a person, in Markdown. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(machine, jvm, version, ""));
        lines.addAll(TextTable.lines(HEAD, findings.stream().map(Finding::row).toList()));
        faults.forEach(fault -> lines.add("FAULT: " + fault));
        return lines;
    }

    /** Returns a JSON array of the findings. */
    public String toJson() {
        return JsonObject.array(findings.stream()
                .map(finding -> finding.toJson()
                        .text("machine", machine)
                        .text("jvm", jvm)
                        .text("version", version)
                        .end())
                .toList());
    }
}
