package io.loggos.benchmarks.systems.servers.client;

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

/** One run of a client program in a JVM of its own, and its results. */
public final class ClientRun {
    private final String label;
    private final Class<?> program;
    private final List<String> arguments;
    private final Duration patience;
    private final ProgressLine progress;
    private final List<LoadResult> findings = new ArrayList<>();
    private String jvm = "";
    private boolean agreed;

    /**
     * Creates a run against the system with this label.
     *
     * @param program class whose main method runs a {@link ClientProgram}
     * @param settings number of results to come
     * @param patience longest silence of the program
     */
    public ClientRun(String label, Class<?> program, List<String> arguments, int settings, Duration patience) {
        this.label = label;
        this.program = program;
        this.arguments = List.copyOf(arguments);
        this.patience = patience;
        this.progress = new ProgressLine(settings);
    }

    /** Runs the client program; returns when it has ended. */
    public void toItsEnd() {
        try (ForkedJvm forked = ForkedJvm.start("the client program", JvmOptions.ALL, program, arguments)) {
            progress.next(label);
            progress.show("warming up");
            for (String line = forked.receive(patience);
                    !line.equals(ClientProgram.OVER);
                    line = forked.receive(patience)) {
                said(line);
            }
        }
    }

    /** Returns the results as reports. */
    public List<Report> reports(Subject subject, String machine) {
        return findings.stream()
                .map(found -> new Report(
                        subject,
                        found.inFlight(),
                        found.payloadBytes(),
                        found.figures(),
                        found.errors(),
                        agreed,
                        null,
                        new Served(found.operation(), found.clientCpuMicrosPerOp(), found.residentBytes()),
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
        } else if (line.startsWith(ClientProgram.JVM)) {
            jvm = line.substring(ClientProgram.JVM.length());
        } else if (line.equals(ClientProgram.AGREED)) {
            agreed = true;
        } else {
            ProgressLine.complain("bench: " + label + ": " + line);
        }
    }
}
