package io.loggos.paxos.core.process;

import io.loggos.api.NodeId;

/**
 * Collects the effects of a step. They take place after the step, in call order within each kind.
 *
 * <p>Durability is part of the effect. A message given to {@link #sendDurable} leaves only when all earlier writes, of
 * this step or of an earlier one, are on disk and synced.
 */
public interface Outbox<M, W> {
    /** Writes to the log. All writes of one turn of the event loop become one atomic write. */
    void persist(W write);

    /** Sends without waiting for any write. The receiver must not be this node. */
    void sendNow(NodeId to, M message);

    /** Sends once all writes persisted so far are durable. A message to this node comes back as an input. */
    void sendDurable(NodeId to, M message);

    /** Sets the timer with this id and replaces its earlier time. {@link Long#MAX_VALUE} clears it. */
    void timer(TimerId id, long atNanos);
}
