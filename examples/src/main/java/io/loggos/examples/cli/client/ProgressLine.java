package io.loggos.examples.cli.client;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints the progress of a long task, at most once a second. A task that ends sooner prints nothing. */
public final class ProgressLine {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final PrintWriter out;
    private long saidNanos = System.nanoTime();

    public ProgressLine(PrintWriter out) {
        this.out = out;
    }

    public void at(String what, long doneBytes, long allBytes) {
        long now = System.nanoTime();
        if (now - saidNanos >= EVERY_NANOS && allBytes > 0) {
            saidNanos = now;
            out.printf(Locale.ROOT, "%s: %d %% of %s%n", what, 100 * doneBytes / allBytes, bytes(allBytes));
            out.flush();
        }
    }

    /** Formats a number of bytes for people. */
    public static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
