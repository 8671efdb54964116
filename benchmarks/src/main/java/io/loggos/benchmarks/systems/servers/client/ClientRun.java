package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Served;
import io.loggos.benchmarks.harness.report.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One run of {@link ClientMain} in a JVM of its own, and its results. */
final class ClientRun {
    /** Longest silence of the client program, besides the time that a setting takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String label;
    private final LoadPlan plan;
    private final ProgressLine progress;
    private final List<LoadResult> findings = new ArrayList<>();
    private String jvm = "";
    private boolean agreed;

    /** Creates a run against the system with this label. */
    ClientRun(String label, LoadPlan plan) {
        this.label = label;
        this.plan = plan;
        this.progress = new ProgressLine(plan.settings());
    }

    /** Runs the client program; returns when it has ended. */
    void toItsEnd() {
        Duration patience = PATIENCE.plusSeconds(2L * plan.warmUpSeconds() + plan.measuredSeconds());
        try (ForkedJvm jvm =
                ForkedJvm.start("the client program", JvmOptions.ALL, ClientMain.class, plan.toArguments())) {
            progress.next(label);
            progress.show("warming up");
            for (String line = jvm.receive(patience); !line.equals(ClientMain.OVER); line = jvm.receive(patience)) {
                said(line);
            }
        }
    }

    /** Returns the results as reports. */
    List<Report> reports(Subject subject, String machine) {
        return findings.stream()
                .map(found -> new Report(
                        subject,
                        found.inFlight(),
                        found.payloadBytes(),
                        found.figures(),
                        found.errors(),
                        agreed,
                        null,
                        new Served(found.operation(), found.clientCpuMicrosPerOp()),
                        machine,
                        jvm))
                .toList();
    }

    private void said(String line) {
        if (LoadResult.isIn(line)) {
            LoadResult found = LoadResult.parse(line);
            if (!findings.isEmpty()) {
                progress.next(label);
            }
            findings.add(found);
            progress.done(String.format(
                    Locale.ROOT,
                    "%s, %,d in flight, %,d B: %s",
                    found.operation(),
                    found.inFlight(),
                    found.payloadBytes(),
                    found.figures().summary()));
        } else if (line.startsWith(ClientMain.JVM)) {
            jvm = line.substring(ClientMain.JVM.length());
        } else if (line.equals(ClientMain.AGREED)) {
            agreed = true;
        } else {
            ProgressLine.complain("bench: " + label + ": " + line);
        }
    }
}
