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
 * Common part of the benchmarks under JMH, which decides the order and the duration of iterations. A call of a
 * benchmark method is one turn of a loop that is full before the iteration begins. It waits for an operation (with
 * stores: makes one write), records all operations that have completed, and starts as many. So JMH's own score counts
 * turns, not operations. A {@link Measurement} counts operations, latencies, processor time and allocation in the same
 * iterations, without the warm-up. A {@link Report} holds the result.
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
    /** Property with the parent of the data directories; by default the directory for temporary files. */
    static final String DATA_PROPERTY = "loggos.bench.data";
    /** Property with the file of the report; by default the report is printed. */
    static final String REPORT_PROPERTY = "loggos.bench.report";

    private final Measurement measurement = new Measurement();
    private @Nullable DataDirectory data;
    private @Nullable Workload workload;
    private boolean measured;

    /** Returns the subject of the measurement. */
    protected abstract Subject subject(BenchmarkParams params);

    /** Returns the number of operations under way at any time; 0 in an open loop. */
    protected abstract int inFlight();

    /** Returns the payload of an operation in bytes; 0 if it has none. */
    protected abstract int payload();

    /** Opens the workload. */
    protected abstract Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception;

    /** Called before the clocks run, with nothing under way. */
    protected void beforeMeasuring() {}

    /** Called when the clocks have stopped, with everything under way. */
    protected void afterMeasuring() {}

    /** Returns the offered load of an open loop; null in a closed loop. */
    @Nullable
    protected OpenLoad openLoad() {
        return null;
    }

    /** Returns the number of records of the measurement that make one operation. */
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

    /** Returns the open workload. */
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
