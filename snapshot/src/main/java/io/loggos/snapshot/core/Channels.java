package io.loggos.snapshot.core;

/**
 * The FIFO channels of one process, as far as the algorithm looks at them: where their numbers stand at this moment.
 *
 * @param <P> a process
 */
public interface Channels<P> {
    /**
     * A place in a channel.
     *
     * @param generation in which nothing is lost, doubled or out of order
     * @param number of a message, counted from 1 in each generation
     */
    record Position(long generation, long number) {
        /** Where the next message stands. */
        Position next() {
            return new Position(generation, number + 1);
        }
    }

    /** The last message sent to a process. */
    Position sent(P to);

    /** The last message received from a process, the one that is being handled included. */
    Position received(P from);
}
