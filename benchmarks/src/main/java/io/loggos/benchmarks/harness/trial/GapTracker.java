package io.loggos.benchmarks.harness.trial;

/** Tracker of the longest gap between two events, and of their number. Safe for use by any thread. */
public final class GapTracker {
    /**
     * Figures since the last call of {@link #take}.
     *
     * @param events number of events
     * @param longestNanos longest gap that ended since then, or the one that is still open, if that is longer
     * @param beginNanos start of that gap, by {@link System#nanoTime}
     */
    public record Seen(long events, long longestNanos, long beginNanos) {}

    private long lastNanos;
    private long events;
    private long longestNanos;
    private long longestBeginNanos;

    /** Creates a tracker whose first gap begins at {@code nowNanos}. */
    public GapTracker(long nowNanos) {
        lastNanos = nowNanos;
        longestBeginNanos = nowNanos;
    }

    /** Records an event. */
    public synchronized void event(long nowNanos) {
        events++;
        end(nowNanos);
        lastNanos = Math.max(lastNanos, nowNanos);
    }

    /** Returns the figures since the last call. An open gap goes on, and counts in full when it ends. */
    public synchronized Seen take(long nowNanos) {
        end(nowNanos);
        Seen seen = new Seen(events, longestNanos, longestBeginNanos);
        events = 0;
        longestNanos = 0;
        longestBeginNanos = lastNanos;
        return seen;
    }

    /** Forgets everything; the next gap begins now. */
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
