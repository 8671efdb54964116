package io.loggos.multicast.group.core.model;

/**
 * Life numbers of one node's members, each above those before.
 *
 * <p>Of two members of a node, the one with the higher number is the later one, however late a message about the other
 * arrives.
 *
 * <p>A start of the process is numbered by the wall clock, and above the start before it, which the store remembers. So
 * the order holds if the clock was set back in between.
 */
public final class LifeNumbers {
    private static final int BITS_WITHIN_A_MILLISECOND = 20;

    private long last;

    /** @param process the number of the process start, see {@link #ofProcess} */
    public LifeNumbers(long process) {
        last = process;
    }

    /**
     * Returns a number for a start of the process.
     *
     * @param random tells apart starts at the same millisecond
     * @param before the number of the start before this one; 0 if there was none
     */
    public static long ofProcess(long wallMillis, long random, long before) {
        long mask = (1L << BITS_WITHIN_A_MILLISECOND) - 1;
        long millis = Math.max(wallMillis, (before >>> BITS_WITHIN_A_MILLISECOND) + 1);
        return (millis << BITS_WITHIN_A_MILLISECOND) | (random & mask);
    }

    /** The last number that was given; each number of an earlier start is below it. */
    public long last() {
        return last;
    }

    public long next() {
        return ++last;
    }
}
