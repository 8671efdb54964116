package io.loggos.benchmarks.harness.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Where a run stands: a line for each setting, rewritten while it goes on if there is a terminal, and printed once it is
 * over.
 */
public final class ProgressLine {
    /** {@code bin/bench} knows it; Java does not tell the same on all its versions. */
    private static final boolean TERMINAL = Boolean.getBoolean("loggos.bench.terminal");

    private static final String ERASE_LINE = "\r\u001B[K";

    private final int settings;
    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier clock;
    private final long startedNanos;
    private int current;
    private String name = "";

    /**
     * Writes to standard output.
     *
     * @param settings how many there will be
     */
    public ProgressLine(int settings) {
        this(settings, System.out, TERMINAL, System::nanoTime);
    }

    ProgressLine(int settings, PrintStream out, boolean terminal, LongSupplier clock) {
        this.settings = settings;
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.startedNanos = clock.getAsLong();
    }

    /** The next setting begins. */
    public void next(String setting) {
        current++;
        name = setting;
        show("starting");
    }

    /** What the current one is doing; only a terminal shows it. */
    public void show(String state) {
        if (terminal) {
            out.print(ERASE_LINE + line(state + remaining()));
            out.flush();
        }
    }

    /** The current one is over. */
    public void done(String summary) {
        out.println((terminal ? ERASE_LINE : "") + line(summary));
        out.flush();
    }

    /** Something that must not be lost among the rewriting. */
    public static void complain(String text) {
        System.err.println((TERMINAL ? System.lineSeparator() : "") + text);
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
        long seconds = (clock.getAsLong() - startedNanos) / 1_000_000_000L * (settings - over) / over;
        return " (about " + (seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min") + " to go)";
    }
}
