package io.loggos.multicast.group.core.model;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import org.jspecify.annotations.Nullable;

/**
 * A message that the application has asked to send.
 *
 * @param to the one member it is for; null if it is for all
 * @param receipt the sender's wish to know its fate; null if it has none
 */
public record Submission(
        Bytes message,
        Packet.Content content,
        Ordering ordering,
        Delivery delivery,
        @Nullable NodeId to,
        @Nullable PendingReceipt receipt) {
    /** Creates a plain message, whose fate nobody asks for. */
    public Submission(Bytes message, Ordering ordering, Delivery delivery, @Nullable NodeId to) {
        this(message, Packet.Content.MESSAGES, ordering, delivery, to, null);
    }

    /** True if it may travel in one packet with another. */
    public boolean goesWith(Submission other) {
        return ordering == other.ordering
                && delivery == other.delivery
                && content == other.content
                && (to == null ? other.to == null : to.equals(other.to));
    }
}
