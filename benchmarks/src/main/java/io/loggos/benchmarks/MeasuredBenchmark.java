package io.loggos.benchmarks;

import io.loggos.benchmarks.report.Machine;
import io.loggos.benchmarks.report.Report;
import io.loggos.benchmarks.report.Subject;
import io.loggos.benchmarks.workload.DataDirectory;
import io.loggos.benchmarks.workload.Measurement;
import io.loggos.benchmarks.workload.Workload;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What the benchmarks share. JMH decides when and how long; each call of a benchmark method completes one operation (of
 * the stores: one write) of a loop that is full before the iteration begins, so JMH's throughput counts completions.
 * Beside it, a {@link Measurement} takes latencies, processor time and allocation over the same iterations, the warm-up
 * left out, and {@link Report} holds what it found.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseG1GC", "-Xms2g", "-Xmx2g"})
@Warmup(iterations = 2, time = 5)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 4)
public abstract class MeasuredBenchmark {
    /** The options of {@link Fork}, for who sets others beside them. */
    static final String[] JVM_OPTIONS = {"-XX:+UseG1GC", "-Xms2g", "-Xmx2g"};
    /** Where to put data directories; without it, in the directory for temporary files. */
    static final String DATA_PROPERTY = "loggos.bench.data";
    /** The file to write the report to; without it, it is printed. */
    static final String REPORT_PROPERTY = "loggos.bench.report";

    /** Operations under way at any time. */
    @Param({"1", "64", "1024"})
    public int inFlight;

    private final Measurement measurement = new Measurement();
    private @Nullable DataDirectory data;
    private @Nullable Workload workload;
    private boolean measured;

    /** What is measured. */
    abstract Subject subject(BenchmarkParams params);

    /** How large the operations are, or 0 if they have no payload. */
    abstract int payload();

    /** Opens what is measured. */
    abstract Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception;

    /** How many records of the measurement make one operation. */
    int copies() {
        return 1;
    }

    @Setup(Level.Trial)
    public void openWorkload(BenchmarkParams params) throws Exception {
        Path parent = Path.of(System.getProperty(DATA_PROPERTY, System.getProperty("java.io.tmpdir")));
        DataDirectory opened = new DataDirectory(parent);
        data = opened;
        workload = open(opened.path(), params, measurement);
    }

    @Setup(Level.Iteration)
    public void beginIteration(IterationParams iteration) {
        workload().begin();
        measured = iteration.getType() == IterationType.MEASUREMENT;
        if (measured) {
            measurement.start();
        }
    }

    @TearDown(Level.Iteration)
    public void endIteration() {
        if (measured) {
            measurement.stop();
        }
        workload().end();
    }

    @TearDown(Level.Trial)
    public void finish(BenchmarkParams params) throws IOException {
        try (DataDirectory directory = data;
                Workload closing = workload()) {
            Report report = measurement.report(
                    subject(params),
                    inFlight,
                    payload(),
                    copies(),
                    closing.verify(),
                    Machine.describe(directory == null ? Path.of("") : directory.path()),
                    Machine.describeJvm());
            write(report);
            if (!report.sound()) {
                throw new IllegalStateException("not sound: " + report, measurement.firstError());
            }
        }
    }

    /** What is measured, open. */
    final Workload workload() {
        if (workload == null) {
            throw new IllegalStateException("not open");
        }
        return workload;
    }

    private static void write(Report report) throws IOException {
        String file = System.getProperty(REPORT_PROPERTY);
        if (file == null) {
            System.out.println(System.lineSeparator() + report.toJson());
            return;
        }
        try (Writer writer = Files.newBufferedWriter(Path.of(file), StandardCharsets.UTF_8)) {
            report.toProperties().store(writer, null);
        }
    }
}
