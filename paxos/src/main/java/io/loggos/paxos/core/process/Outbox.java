package io.loggos.paxos.core.process;

import io.loggos.api.NodeId;
import java.util.function.BiPredicate;

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

    /**
     * Drops each message of this process that still waits for a write and that a later one has made useless. So a disk
     * that hangs does not gather messages without bound (RULES.md B-9).
     *
     * @param useless tells it of a receiver and a message
     */
    default void retract(BiPredicate<NodeId, M> useless) {}

    /**
     * True if more may be written. False while the disk has much to write that was persisted before; what need not be
     * written now should wait until the next turn with room (RULES.md O-6).
     */
    default boolean hasRoom() {
        return true;
    }

    /** The time since which the oldest write has waited, or later; {@link Long#MAX_VALUE} if no write is under way. */
    default long writingSinceNanos() {
        return Long.MAX_VALUE;
    }

    /** Sets the timer with this id and replaces its earlier time. {@link Long#MAX_VALUE} clears it. */
    void timer(TimerId id, long atNanos);
}
