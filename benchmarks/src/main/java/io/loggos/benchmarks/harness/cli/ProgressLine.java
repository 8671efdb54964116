package io.loggos.benchmarks.harness.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Progress of a run: a line for each setting, printed when it is over. On a terminal, the line is rewritten while the
 * setting runs.
 */
public final class ProgressLine {
    /** True on a terminal. {@code bin/bench} sets it, since Java versions detect it differently. */
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
     * Creates a line on standard output.
     *
     * @param settings number of settings to come
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

    /** Begins the next setting. */
    public void next(String setting) {
        current++;
        name = setting;
        show("starting");
    }

    /** Shows the state of the current setting, on a terminal only. */
    public void show(String state) {
        if (terminal) {
            out.print(ERASE_LINE + line(state + remaining()));
            out.flush();
        }
    }

    /** Ends the current setting. */
    public void done(String summary) {
        out.println((terminal ? ERASE_LINE : "") + line(summary));
        out.flush();
    }

    /** Prints a message that must not be lost among the rewritten lines. */
    public static void complain(String text) {
        System.err.println((TERMINAL ? System.lineSeparator() : "") + text);
    }

    private String line(String state) {
        return "[" + current + "/" + settings + "] " + name + ": " + state;
    }

    /** Returns the estimated time to the end, from the duration of the settings so far. */
    private String remaining() {
        int over = current - 1;
        if (over == 0) {
            return "";
        }
        long seconds = (clock.getAsLong() - startedNanos) / 1_000_000_000L * (settings - over) / over;
        return " (about " + (seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min") + " to go)";
    }
}
