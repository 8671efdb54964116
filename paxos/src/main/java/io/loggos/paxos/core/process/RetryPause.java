package io.loggos.paxos.core.process;

/**
 * The pause between the attempts of one request that keeps failing (RULES.md O-8).
 *
 * <p>It doubles with each failure, up to a limit. A part of it depends on the owner, so that nodes that fail together
 * do not try again together.
 */
public final class RetryPause {
    private static final int MOST_DOUBLINGS = 30;

    private final long firstNanos;
    private final long mostNanos;
    private final long owner;
    private int failures;
    private boolean begun;
    private long untilNanos;

    /**
     * Creates a pause that has not begun.
     *
     * @param firstNanos the longest first pause
     * @param mostNanos the longest pause
     * @param owner a number that differs between the nodes
     */
    public RetryPause(long firstNanos, long mostNanos, long owner) {
        this.firstNanos = firstNanos;
        this.mostNanos = mostNanos;
        this.owner = owner;
    }

    /** Begins the next pause: from half of its length to all of it. */
    public void begin(long now) {
        long doubled = firstNanos << Math.min(failures, MOST_DOUBLINGS);
        long length = doubled < firstNanos || doubled > mostNanos ? mostNanos : doubled;
        failures++;
        long jitter = Math.floorMod(mix(owner + failures * 0x9E3779B97F4A7C15L), length / 2 + 1);
        begun = true;
        untilNanos = now + length - jitter;
    }

    /** True while the pause lasts. */
    public boolean lasts(long now) {
        return begun && now - untilNanos < 0;
    }

    /** Ends the pause. The next one is a first one. */
    public void reset() {
        failures = 0;
        begun = false;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
