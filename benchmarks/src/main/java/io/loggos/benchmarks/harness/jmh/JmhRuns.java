package io.loggos.benchmarks.harness.jmh;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Subject;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs benchmarks through JMH one after the other, each in a JVM of its own with the same options. A failed one does
 * not stop the others.
 */
public final class JmhRuns {
    /**
     * One run.
     *
     * @param benchmark class of the benchmark; {@code method} is its method
     * @param setting setting as text for a person
     * @param parameters the values of the benchmark's fields, by their names
     * @param littleCode true if there is little to compile, so that a short warm-up is enough
     */
    public record Run(
            Subject subject,
            Class<? extends MeasuredBenchmark> benchmark,
            String method,
            String setting,
            Map<String, String> parameters,
            boolean littleCode) {
        /** Creates a run of a benchmark that needs the usual warm-up. */
        public Run(
                Subject subject,
                Class<? extends MeasuredBenchmark> benchmark,
                String method,
                String setting,
                Map<String, String> parameters) {
            this(subject, benchmark, method, setting, parameters, false);
        }
    }

    private final Path directory;
    private final boolean shortRun;
    private final int warmUpSeconds;
    private final List<Report> reports = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Creates an empty list of runs.
     *
     * @param directory directory for the data, and for the files that the JVMs exchange
     * @param warmUpSeconds seconds of warm-up of each run without {@link Run#littleCode}; 0 for the usual
     */
    public JmhRuns(Path directory, boolean shortRun, int warmUpSeconds) {
        this.directory = directory;
        this.shortRun = shortRun;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Runs these benchmarks. */
    public void run(List<Run> runs) throws IOException {
        ProgressLine line = new ProgressLine(runs.size());
        for (Run run : runs) {
            line.next(run.subject().label() + ", " + run.setting());
            line.done(run(run, new JmhProgress(line)));
        }
    }

    /** Returns the reports so far. */
    public List<Report> reports() {
        return reports;
    }

    /** Returns the failures so far, one line each. */
    public List<String> failures() {
        return failures;
    }

    private String run(Run run, JmhProgress progress) throws IOException {
        Path file = Files.createTempFile(directory, "report-", ".properties");
        String failure = null;
        try {
            new Runner(options(run, file), progress).run();
        } catch (RunnerException e) {
            failure = run.subject().name() + ", " + run.setting() + ": " + e.getMessage();
            failures.add(failure);
        }
        if (Files.size(file) == 0) {
            return "FAILED";
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        Report report = Report.of(properties);
        reports.add(report);
        return report.summary();
    }

    private Options options(Run run, Path file) {
        List<String> jvmOptions = new ArrayList<>(JvmOptions.ALL);
        jvmOptions.add("-D" + MeasuredBenchmark.DATA_PROPERTY + "=" + directory);
        jvmOptions.add("-D" + MeasuredBenchmark.REPORT_PROPERTY + "=" + file);
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("^" + (run.benchmark().getName() + "." + run.method()).replace(".", "\\.") + "$")
                .shouldFailOnError(true)
                .jvmArgsAppend(jvmOptions.toArray(String[]::new));
        run.parameters().forEach(builder::param);
        if (shortRun) {
            // A short run suffers most from code that is not compiled yet.
            builder.warmupIterations(1)
                    .warmupTime(TimeValue.seconds(run.littleCode() ? 2 : 5))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.seconds(run.subject().isFloor() ? 3 : 4));
        }
        if (warmUpSeconds > 0 && !run.littleCode()) {
            builder.warmupIterations(1).warmupTime(TimeValue.seconds(warmUpSeconds));
        }
        return builder.build();
    }
}
