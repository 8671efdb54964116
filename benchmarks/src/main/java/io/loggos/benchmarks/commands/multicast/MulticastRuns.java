package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.process.TrialFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures settings one after the other, each in a JVM of its own with the same options. A failed one does not stop the
 * others.
 */
final class MulticastRuns {
    /** Time to start, to join and to settle, besides the warm-up and the measurement. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path directory;
    private final int warmUpSeconds;
    private final int seconds;
    private final List<MulticastReport> reports = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Creates an empty list of runs.
     *
     * @param directory directory for the data of the members
     * @param shortRun true for rough figures in short time
     */
    MulticastRuns(Path directory, boolean shortRun) {
        this.directory = directory;
        this.warmUpSeconds = shortRun ? 5 : 10;
        this.seconds = shortRun ? 4 : 20;
    }

    /** Measures these settings. */
    void run(List<MulticastSetting> settings) throws IOException {
        ProgressLine line = new ProgressLine(settings.size());
        for (MulticastSetting setting : settings) {
            line.next(setting.subject().label() + ", " + setting.text());
            try {
                MulticastReport report = run(setting);
                reports.add(report);
                line.done(report.summary());
            } catch (TrialFailure e) {
                failures.add(setting.subject().name() + ", " + setting.text() + ": " + e.getMessage());
                line.done("FAILED");
            }
        }
    }

    /** Returns the reports so far. */
    List<MulticastReport> reports() {
        return reports;
    }

    /** Returns the failures so far, one line each. */
    List<String> failures() {
        return failures;
    }

    private MulticastReport run(MulticastSetting setting) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add(Files.createTempDirectory(directory, "group-").toString());
        arguments.add(Integer.toString(warmUpSeconds));
        arguments.add(Integer.toString(seconds));
        arguments.addAll(setting.toArguments());
        try (ForkedJvm jvm = ForkedJvm.start("its JVM", JvmOptions.ALL, MulticastMain.class, arguments)) {
            String text = jvm.receive(PATIENCE.plusSeconds(warmUpSeconds + seconds));
            return MulticastReport.parse(setting, text);
        }
    }
}
