package io.loggos.benchmarks.harness.jmh;

import io.loggos.benchmarks.harness.cli.ProgressLine;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Output of {@code bench} while JMH works. JMH's own messages are left out, but its complaints are not. */
final class JmhProgress implements OutputFormat {
    private final ProgressLine line;

    JmhProgress(ProgressLine line) {
        this.line = line;
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {
        String phase = iteration.getType() == IterationType.WARMUP ? "warming up, " : "measuring, ";
        line.show(phase + number + " of " + iteration.getCount());
    }

    @Override
    public void iterationResult(
            BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {}

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {}

    @Override
    public void endBenchmark(BenchmarkResult result) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> result) {}

    @Override
    public void print(String text) {
        println(text);
    }

    @Override
    public void println(String text) {
        if (!text.isBlank() && !text.startsWith("#")) {
            ProgressLine.complain(text);
        }
    }

    @Override
    public void verbosePrintln(String text) {}

    @Override
    public void write(int single) {
        System.err.write(single);
    }

    @Override
    public void write(byte[] bytes) {
        System.err.write(bytes, 0, bytes.length);
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
