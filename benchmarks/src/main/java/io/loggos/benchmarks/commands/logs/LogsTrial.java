package io.loggos.benchmarks.commands.logs;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.trial.Bound;
import io.loggos.benchmarks.harness.trial.Finding;
import io.loggos.benchmarks.harness.trial.TrialReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One log and many: three idle nodes, and three nodes under one load. Both have had that load for a while before the
 * measurement, so that the compiler does not count.
 */
final class LogsTrial {
    /**
     * Settings of the trial.
     *
     * @param logs number of idle logs
     * @param spread number of logs over which the load is spread
     */
    record Settings(int logs, int spread, int idleSeconds, int loadSeconds, int inFlight, int payloadBytes) {}

    private static final String WHAT = "logs";
    private static final int STEPS = 4;
    private static final double MOST_CPU_PERCENT = 2;
    private static final double LEAST_PERCENT = 80;
    /** Longest duration of a window, as a multiple of the time that was asked for. A longer one says nothing. */
    private static final double MOST_STRETCH = 1.1;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Settings settings;
    private final Path directory;
    private final TrialReport report;
    private final ProgressLine progress = new ProgressLine(STEPS);

    LogsTrial(Settings settings, Path directory, TrialReport report) {
        this.settings = settings;
        this.directory = directory;
        this.report = report;
    }

    void run() {
        idle(1);
        idle(settings.logs());
        double one = load(1);
        double many = load(settings.spread());
        report.add(new Finding(
                WHAT,
                "the load over " + settings.spread() + " logs against one",
                "throughputPercent",
                100 * many / one,
                Bound.atLeast(LEAST_PERCENT)));
    }

    private void idle(int logs) {
        progress.next(logs + (logs == 1 ? " log" : " logs") + ", idle");
        LogsMain.Idle idle = LogsMain.Idle.parse(fork("idle-" + logs, logs, settings.idleSeconds(), true));
        String setting =
                logs + (logs == 1 ? " log" : " logs") + " on 3 nodes, idle for " + settings.idleSeconds() + " s";
        report.add(new Finding(WHAT, setting, "cpuPercent", idle.cpuPercent(), Bound.atMost(MOST_CPU_PERCENT)));
        report.add(Finding.of(WHAT, setting, "threads", idle.threads()));
        report.add(Finding.of(WHAT, setting, "heapMebibytes", idle.heapBytes() / (double) (1 << 20)));
        report.add(Finding.of(WHAT, setting, "openMillis", 1e3 * idle.openSeconds()));
        elections(setting, idle.candidacies());
        progress.done(String.format(
                Locale.ROOT,
                "%.1f %% of a core, %d threads, %d MiB of heap; open and led after %.1f s",
                idle.cpuPercent(),
                idle.threads(),
                idle.heapBytes() >> 20,
                idle.openSeconds()));
        if (idle.seconds() > MOST_STRETCH * settings.idleSeconds()) {
            report.fault(String.format(
                    Locale.ROOT, "the machine was paused: %d s took %.1f s", settings.idleSeconds(), idle.seconds()));
        }
        check(logs, idle.agree(), idle.error());
    }

    private void check(int logs, boolean agree, String error) {
        if (!agree) {
            report.fault("the replicas differ, over " + logs + " logs");
        }
        if (!error.isEmpty()) {
            report.fault("a command failed, over " + logs + " logs: " + error);
        }
    }

    private double load(int logs) {
        progress.next(settings.inFlight() + " in flight over " + logs + (logs == 1 ? " log" : " logs"));
        LogsMain.Loaded loaded = LogsMain.Loaded.parse(fork("load-" + logs, logs, settings.loadSeconds(), false));
        String setting = settings.inFlight() + " in flight of " + settings.payloadBytes() + " B over " + logs
                + (logs == 1 ? " log" : " logs");
        report.add(Finding.of(WHAT, setting, "commandsPerSecond", loaded.perSecond()));
        report.add(Finding.of(WHAT, setting, "cpuMicrosPerCommand", loaded.cpuMicrosPerCommand()));
        elections(setting, loaded.candidacies());
        progress.done(String.format(
                Locale.ROOT,
                "%,.0f commands/s, %.1f µs of CPU each",
                loaded.perSecond(),
                loaded.cpuMicrosPerCommand()));
        check(logs, loaded.agree(), loaded.error());
        return loaded.perSecond();
    }

    private void elections(String setting, long candidacies) {
        report.add(new Finding(WHAT, setting, "elections", (double) candidacies, Bound.atMost(0)));
    }

    private String fork(String name, int logs, int seconds, boolean idle) {
        List<String> arguments = List.of(
                directory.resolve(name).toString(),
                Integer.toString(logs),
                Integer.toString(seconds),
                Integer.toString(settings.inFlight()),
                Integer.toString(settings.payloadBytes()),
                Boolean.toString(idle));
        try (ForkedJvm jvm = ForkedJvm.start(name, JvmOptions.ALL, LogsMain.class, arguments)) {
            report.ranIn(jvm.receive(PATIENCE));
            return jvm.receive(PATIENCE);
        }
    }
}
