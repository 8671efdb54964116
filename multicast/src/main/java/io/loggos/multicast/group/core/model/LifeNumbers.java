package io.loggos.multicast.group.core.model;

/**
 * Life numbers of one node's members, each above those before.
 *
 * <p>Of two members of a node, the one with the higher number is the later one, however late a message about the other
 * arrives.
 *
 * <p>Lives of different starts of the process are in the order of their wall clock. If that was set back between two
 * starts, a member may be taken for an earlier one until the clock has caught up. Then a group with agreement by the
 * log, of whose last primary view nobody is left, waits until the node joins anew after that.
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
     */
    public static long ofProcess(long wallMillis, long random) {
        long mask = (1L << BITS_WITHIN_A_MILLISECOND) - 1;
        return (wallMillis << BITS_WITHIN_A_MILLISECOND) | (random & mask);
    }

    /** The last number that was given; each number of an earlier start is below it. */
    public long last() {
        return last;
    }

    public long next() {
        return ++last;
    }
}
