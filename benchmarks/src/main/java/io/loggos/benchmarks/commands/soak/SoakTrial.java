package io.loggos.benchmarks.commands.soak;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.trial.TrialReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three nodes in a JVM of their own under a steady load for minutes, with checkpoints and truncation. */
final class SoakTrial {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LONG_STRETCH = 60;
    private static final int SHORT_STRETCH = 10;

    private final SoakSettings settings;
    private final TrialReport report;
    /** Seconds between two lines that stay on the terminal. */
    private final int stretch;

    SoakTrial(SoakSettings settings, TrialReport report) {
        this.settings = settings;
        this.report = report;
        this.stretch = settings.seconds() > 2 * LONG_STRETCH ? LONG_STRETCH : SHORT_STRETCH;
    }

    /**
     * Runs the soak and reports its findings.
     *
     * @param seriesFile file for all samples as CSV; null for none
     */
    void run(Path directory, List<String> jvmOptions, @Nullable Path seriesFile) throws IOException {
        List<String> arguments = Stream.concat(Stream.of(directory.toString()), settings.toArguments().stream())
                .toList();
        try (ForkedJvm jvm = ForkedJvm.start("the soak", jvmOptions, SoakMain.class, arguments)) {
            report.ranIn(jvm.receive(PATIENCE));
            ProgressLine progress = new ProgressLine(settings.seconds() / stretch);
            progress.next("the first " + stretch + " s");
            List<Sample> samples = new ArrayList<>();
            for (String line = jvm.receive(PATIENCE); !line.equals(SoakMain.OVER); line = jvm.receive(PATIENCE)) {
                samples.add(Sample.parse(line));
                show(samples, progress);
            }
            boolean agree = Boolean.parseBoolean(jvm.receive(PATIENCE));
            String error = jvm.receive(PATIENCE);
            if (!agree) {
                report.fault("the replicas differ");
            }
            if (!error.isEmpty()) {
                report.fault("a command failed: " + error);
            }
            if (seriesFile != null) {
                String rows = samples.stream().map(Sample::toLine).collect(Collectors.joining("\n", "", "\n"));
                Files.writeString(seriesFile, Sample.HEADER + "\n" + rows);
            }
            new SoakSeries(samples).findings(settings.describe()).forEach(report::add);
        }
    }

    private void show(List<Sample> samples, ProgressLine progress) {
        int seconds = samples.size();
        progress.show(samples.get(seconds - 1).describe());
        if (seconds % stretch == 0) {
            progress.done(SoakSeries.describe(samples.subList(seconds - stretch, seconds)));
            if (seconds < settings.seconds()) {
                progress.next("to " + (seconds + stretch) + " s");
            }
        }
    }
}
