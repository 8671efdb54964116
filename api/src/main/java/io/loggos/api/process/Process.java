package io.loggos.api.process;

import io.loggos.api.NodeId;

/**
 * A protocol as a function of events: one event in, effects out. An implementation adds verbs of its
 * own ({@code propose}, {@code stand}, …) in the same form.
 *
 * <p>All calls come from one thread. Input from a peer never makes a step throw: what is stale or
 * malformed is ignored and counted. An exception out of a step is a programming error and stops the
 * process.
 *
 * @param <M> the messages that the processes of the protocol exchange
 * @param <W> the durable writes of the protocol
 */
public interface Process<M, W> {
    /**
     * Takes one message.
     *
     * @param from who sent it, possibly this process itself
     * @param now monotonic time in nanoseconds
     */
    void onMessage(NodeId from, M message, long now, Outbox<M, W> out);

    /**
     * Takes the timer that was set under this id.
     *
     * @param now monotonic time in nanoseconds, at or after the time it was set for
     */
    void onTimer(TimerId id, long now, Outbox<M, W> out);
}
