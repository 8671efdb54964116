package io.loggos.benchmarks.harness.trial;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.TextTable;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a trial finds. For one thread. */
public final class TrialReport {
    private static final List<String> HEAD = List.of("trial", "setting", "figure", "value", "bound", "");

    private final String machine;
    private final String version;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private String jvm = "";

    /**
     * A report without findings.
     *
     * @param version of what is tried
     */
    public TrialReport(String machine, String version) {
        this.machine = machine;
        this.version = version;
    }

    /** The JVMs of the findings, with their options. */
    public void ranIn(String description) {
        jvm = description;
    }

    /** A figure. */
    public void add(Finding finding) {
        findings.add(finding);
    }

    /** Something that makes the figures worthless: lost commands, replicas that differ. */
    public void fault(String what) {
        faults.add(what);
        ProgressLine.complain("FAULT: " + what);
    }

    /** Whether there was no fault. A bound that was missed is none. */
    public boolean sound() {
        return faults.isEmpty();
    }

    /** For a person, in Markdown. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(machine, jvm, version, ""));
        lines.addAll(TextTable.lines(HEAD, findings.stream().map(Finding::row).toList()));
        faults.forEach(fault -> lines.add("FAULT: " + fault));
        return lines;
    }

    /** An array of objects. */
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
