package io.loggos.benchmarks;

import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * What {@code bench} shows while JMH works: a line for each benchmark at each setting, rewritten as its iterations pass
 * on a terminal and printed once where there is none. What JMH tells about itself is left out, what it complains of is
 * not.
 */
final class Progress implements OutputFormat {
    /** {@code bin/bench} knows it; Java does not tell the same on all its versions. */
    private static final boolean TERMINAL = Boolean.getBoolean("loggos.bench.terminal");

    private static final String ERASE_LINE = "\r\u001B[K";

    private final int settings;
    private final long startedNanos = System.nanoTime();
    private int current;
    private String name = "";

    Progress(int settings) {
        this.settings = settings;
    }

    /** The next benchmark begins. */
    void next(String setting) {
        current++;
        name = setting;
        rewrite("starting" + remaining());
    }

    /** The current one is over. */
    void done(String summary) {
        String line = line(summary);
        System.out.println(TERMINAL ? ERASE_LINE + line : line);
        System.out.flush();
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {
        String phase = iteration.getType() == IterationType.WARMUP ? "warming up, " : "measuring, ";
        rewrite(phase + number + " of " + iteration.getCount() + remaining());
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
            System.err.println((TERMINAL ? System.lineSeparator() : "") + text);
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

    private void rewrite(String state) {
        if (TERMINAL) {
            System.out.print(ERASE_LINE + line(state));
            System.out.flush();
        }
    }

    private String line(String state) {
        return "[" + current + "/" + settings + "] " + name + ": " + state;
    }

    /** From how long the settings before this one took. */
    private String remaining() {
        int over = current - 1;
        if (over == 0) {
            return "";
        }
        long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000L * (settings - over) / over;
        return " (about " + (seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min") + " to go)";
    }
}
