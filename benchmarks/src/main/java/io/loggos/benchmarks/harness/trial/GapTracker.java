package io.loggos.benchmarks.harness.trial;

/** The longest time between two events in a row, and how many there were. Safe for use by any thread. */
public final class GapTracker {
    /**
     * What was seen since the last look.
     *
     * @param events how many
     * @param longestNanos the longest gap that ended since then, or the one that is still open, if that is longer
     * @param beginNanos when that gap began, by {@link System#nanoTime}
     */
    public record Seen(long events, long longestNanos, long beginNanos) {}

    private long lastNanos;
    private long events;
    private long longestNanos;
    private long longestBeginNanos;

    /** The first gap begins at {@code nowNanos}. */
    public GapTracker(long nowNanos) {
        lastNanos = nowNanos;
        longestBeginNanos = nowNanos;
    }

    /** Something has happened. */
    public synchronized void event(long nowNanos) {
        events++;
        end(nowNanos);
        lastNanos = Math.max(lastNanos, nowNanos);
    }

    /** What was seen since the last call of this. A gap that is open goes on, and counts in full when it ends. */
    public synchronized Seen take(long nowNanos) {
        end(nowNanos);
        Seen seen = new Seen(events, longestNanos, longestBeginNanos);
        events = 0;
        longestNanos = 0;
        longestBeginNanos = lastNanos;
        return seen;
    }

    /** Forgets everything: the next gap begins now. */
    public synchronized void restart(long nowNanos) {
        lastNanos = nowNanos;
        longestBeginNanos = nowNanos;
        longestNanos = 0;
        events = 0;
    }

    private void end(long nowNanos) {
        if (nowNanos - lastNanos > longestNanos) {
            longestNanos = nowNanos - lastNanos;
            longestBeginNanos = lastNanos;
        }
    }
}
