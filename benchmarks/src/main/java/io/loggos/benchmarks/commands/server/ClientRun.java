package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.JavaProcess;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Served;
import io.loggos.benchmarks.harness.report.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One run of {@link ClientMain} in a JVM of its own, and what it says. */
final class ClientRun {
    private final String label;
    private final LoadPlan plan;
    private final ProgressLine progress;
    private final List<LoadResult> findings = new ArrayList<>();
    private String jvm = "";
    private boolean agreed;

    /** A run against the system of this name. */
    ClientRun(String label, LoadPlan plan) {
        this.label = label;
        this.plan = plan;
        this.progress = new ProgressLine(plan.settings());
    }

    /** Runs it; returns when it has ended. */
    void toItsEnd() throws IOException {
        List<String> command = JavaProcess.command(JvmOptions.ALL, ClientMain.class.getName());
        command.addAll(plan.toArguments());
        Process client = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread atExit = new Thread(client::destroy, "bench-stopping-client");
        Runtime.getRuntime().addShutdownHook(atExit);
        progress.next(label);
        progress.show("warming up");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said(line);
            }
        } finally {
            client.destroy();
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        if (findings.size() != plan.settings()) {
            throw new IllegalStateException("the client program ended before its time, after " + findings.size()
                    + " of " + plan.settings() + " settings");
        }
    }

    /** What it found. */
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
            LoadResult found = LoadResult.of(line);
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
