package io.loggos.api.process;

import io.loggos.api.NodeId;

/**
 * Collects the effects of a step. They take place after the step, in the order of these calls within
 * each kind.
 *
 * <p>The durability order is in the data: what goes through {@link #sendDurable} leaves only after every
 * write that was persisted before it, in this step or an earlier one, is on disk and synced.
 */
public interface Outbox<M, W> {
    /** Writes to the log. All writes of one turn become one atomic write. */
    void persist(W write);

    /** Sends without waiting for any write. Never to oneself. */
    void sendNow(NodeId to, M message);

    /** Sends once every write persisted so far is durable. To oneself it comes back as a message. */
    void sendDurable(NodeId to, M message);

    /** Sets the timer of this id, in place of its earlier time. {@link Long#MAX_VALUE} clears it. */
    void timer(TimerId id, long atNanos);
}
