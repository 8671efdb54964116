package io.loggos.paxos.core.process;

import io.loggos.api.NodeId;

/**
 * A protocol as a function: it takes one event and appends effects to an {@link Outbox}.
 *
 * <p>An implementation adds methods of its own, such as {@code propose}, in the same form.
 *
 * <p>All calls come from one thread. Input from a peer never makes a step throw: a stale or malformed message is
 * ignored and counted. An exception from a step is a programming error and stops the process.
 *
 * @param <M> the messages that the processes of the protocol exchange
 * @param <W> the durable writes of the protocol
 */
public interface Process<M, W> {
    /**
     * Takes one message.
     *
     * @param from the sender, possibly this process itself
     * @param message the message
     * @param now monotonic time in nanoseconds
     * @param out receives the effects
     */
    void onMessage(NodeId from, M message, long now, Outbox<M, W> out);

    /**
     * Takes a timer that has run out.
     *
     * @param id the timer
     * @param now monotonic time in nanoseconds, at or after the time for which the timer was set
     * @param out receives the effects
     */
    void onTimer(TimerId id, long now, Outbox<M, W> out);
}
