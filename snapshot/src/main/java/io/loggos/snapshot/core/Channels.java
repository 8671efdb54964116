package io.loggos.snapshot.core;

/**
 * FIFO channels of one process, as far as the algorithm needs them: the numbers of their last messages.
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
        /** Place of the next message. */
        Position next() {
            return new Position(generation, number + 1);
        }
    }

    /** Place of the last message sent to a process. */
    Position sent(P to);

    /** Place of the last message received from a process, the one that is being handled included. */
    Position received(P from);
}
