package io.loggos.benchmarks.harness.jmh;

import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.report.OpenLoad;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What the benchmarks share. JMH decides when and how long. A call of a benchmark method is one turn of a loop that is
 * full before the iteration begins: it waits for an operation (of the stores: makes one write), and records and starts
 * again all that have completed by then, so JMH's own score counts turns, not operations. What counts is beside it: a
 * {@link Measurement} takes operations, latencies, processor time and allocation over the same iterations, the warm-up
 * left out, and {@link Report} holds what it found.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@Fork(
        value = 1,
        jvmArgsAppend = {
            JvmOptions.COLLECTOR,
            JvmOptions.LEAST_HEAP,
            JvmOptions.MOST_HEAP,
            JvmOptions.UNSAFE,
            JvmOptions.SELECTORS
        })
@Warmup(iterations = 2, time = 5)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 4)
public abstract class MeasuredBenchmark {
    /** Where to put data directories; without it, in the directory for temporary files. */
    static final String DATA_PROPERTY = "loggos.bench.data";
    /** The file to write the report to; without it, it is printed. */
    static final String REPORT_PROPERTY = "loggos.bench.report";

    private final Measurement measurement = new Measurement();
    private @Nullable DataDirectory data;
    private @Nullable Workload workload;
    private boolean measured;

    /** What is measured. */
    protected abstract Subject subject(BenchmarkParams params);

    /** How many operations are under way at any time; 0 in an open loop. */
    protected abstract int inFlight();

    /** How large the operations are, or 0 if they have no payload. */
    protected abstract int payload();

    /** Opens what is measured. */
    protected abstract Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception;

    /** Before the clocks run, and with nothing under way. */
    protected void beforeMeasuring() {}

    /** The clocks stand still, and everything is under way. */
    protected void afterMeasuring() {}

    /** What was offered, if the loop is open. */
    @Nullable
    protected OpenLoad openLoad() {
        return null;
    }

    /** How many records of the measurement make one operation. */
    protected int copies() {
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
        measured = iteration.getType() == IterationType.MEASUREMENT;
        if (measured) {
            beforeMeasuring();
        }
        workload().begin();
        if (measured) {
            measurement.start();
        }
    }

    @TearDown(Level.Iteration)
    public void endIteration() {
        if (measured) {
            measurement.stop();
            afterMeasuring();
        }
        workload().end();
    }

    @TearDown(Level.Trial)
    public void finish(BenchmarkParams params) throws IOException {
        try (DataDirectory directory = data;
                Workload closing = workload()) {
            Report report = new Report(
                    subject(params),
                    inFlight(),
                    payload(),
                    measurement.figures(copies()),
                    measurement.errors(),
                    closing.verify(),
                    openLoad(),
                    null,
                    Machine.describe(directory == null ? Path.of("") : directory.path()),
                    Machine.describeJvm());
            write(report);
            if (!report.sound()) {
                throw new IllegalStateException("not sound: " + report, measurement.firstError());
            }
        }
    }

    protected final Measurement measurement() {
        return measurement;
    }

    /** What is measured, open. */
    protected final Workload workload() {
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
