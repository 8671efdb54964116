package io.loggos.benchmarks;

import io.loggos.benchmarks.report.Report;
import io.loggos.benchmarks.report.ResultTable;
import io.loggos.benchmarks.report.Subject;
import io.loggos.benchmarks.workload.DataDirectory;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs benchmarks through JMH, each at each setting in a JVM of its own, and sets what they report side by side. What
 * belongs to one setting runs together, so that a machine that slows down meanwhile does it to floors and commit path
 * alike.
 */
public final class Bench {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final BenchOptions options;
    private final Path directory;

    private Bench(BenchOptions options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    /** See {@code bench --help}. */
    public static void main(String[] arguments) throws IOException {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage() + " (bench --help tells more)");
            System.exit(MISUSED);
            return;
        }
        System.exit(run(options));
    }

    private static int run(BenchOptions options) throws IOException {
        DataDirectory data;
        try {
            data = new DataDirectory(options.data());
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            return MISUSED;
        }
        // Also when it is interrupted; the forked JVMs end with this one.
        Runtime.getRuntime().addShutdownHook(new Thread(data::close, "bench-cleaning"));
        try {
            List<Report> reports = new Bench(options, data.path()).measureAll();
            finish(options, reports);
            return 0;
        } catch (RunnerException e) {
            System.err.println("bench: " + e.getMessage());
            return FAILED;
        }
    }

    private static void finish(BenchOptions options, List<Report> reports) throws IOException {
        System.out.println();
        System.out.println(reports.get(0).machine());
        System.out.println(reports.get(0).jvm());
        System.out.println(reports.stream()
                        .map(report -> report.subject().version())
                        .distinct()
                        .collect(Collectors.joining(", ", "", ", "))
                + options.payloadBytes()
                + " bytes; CPU and bytes are those of the whole process");
        System.out.println();
        new ResultTable(reports).lines().forEach(System.out::println);
        Path json = options.json();
        if (json != null) {
            String array = reports.stream().map(Report::toJson).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
            Files.writeString(json, array);
        }
    }

    private List<Report> measureAll() throws RunnerException, IOException {
        List<Report> reports = new ArrayList<>();
        Progress progress = new Progress(
                options.inFlight().size() * options.what().subjects().size());
        for (int inFlight : options.inFlight()) {
            for (Subject subject : options.what().subjects()) {
                progress.next(subject.label() + ", " + inFlight + " in flight");
                Report report = measure(subject, inFlight, progress);
                progress.done(report.summary());
                reports.add(report);
            }
        }
        return reports;
    }

    private Report measure(Subject subject, int inFlight, Progress progress) throws RunnerException, IOException {
        Path file = directory.resolve("report-" + subject + "-" + inFlight);
        new Runner(jmhOptions(subject, inFlight, file), progress).run();
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return Report.of(properties);
    }

    private Options jmhOptions(Subject subject, int inFlight, Path file) {
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("^" + benchmark(subject).replace(".", "\\.") + "$")
                .param("inFlight", Integer.toString(inFlight))
                .shouldFailOnError(true)
                .jvmArgsAppend(Stream.concat(
                                Stream.of(MeasuredBenchmark.JVM_OPTIONS),
                                Stream.of(
                                        "-D" + MeasuredBenchmark.DATA_PROPERTY + "=" + directory,
                                        "-D" + MeasuredBenchmark.REPORT_PROPERTY + "=" + file))
                        .toArray(String[]::new));
        if (subject != Subject.LEADER_READ && subject != Subject.FOLLOWER_READ) {
            builder.param("payloadBytes", Integer.toString(options.payloadBytes()));
        }
        if (options.shortRun()) {
            builder.warmupIterations(1)
                    .warmupTime(TimeValue.seconds(2))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.seconds(3));
        }
        return builder.build();
    }

    private static String benchmark(Subject subject) {
        return switch (subject) {
            case COMMIT -> CommitBenchmark.class.getName() + ".commit";
            case ONE_STORE -> StorageFloorBenchmark.class.getName() + ".oneStore";
            case THREE_STORES -> StorageFloorBenchmark.class.getName() + ".threeStores";
            case ROUND_TRIP -> WireFloorBenchmark.class.getName() + ".roundTrip";
            case STREAM -> WireFloorBenchmark.class.getName() + ".stream";
            case LEADER_READ -> LinearizableReadBenchmark.class.getName() + ".leader";
            case FOLLOWER_READ -> LinearizableReadBenchmark.class.getName() + ".follower";
        };
    }
}
