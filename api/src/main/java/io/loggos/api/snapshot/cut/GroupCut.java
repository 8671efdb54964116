package io.loggos.api.snapshot.cut;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group, at the cut of its node.
 *
 * @param group the name of the group
 * @param view the view of this member
 * @param senders for each member of the view, the messages received from it
 * @param order the turns in the total order that are known to this member and have not come
 * @param kept the messages that this member had sent and not all members had received, in the order sent
 * @param queued the messages that the application had sent and the group had not yet taken up
 */
public record GroupCut(
        String group,
        View view,
        SortedMap<NodeId, Sender> senders,
        List<Turn> order,
        List<Sent> kept,
        List<Queued> queued) {
    /**
     * The messages received from one member.
     *
     * <p>Message numbers count the packets that the member sent in this view. A packet holds one or more messages.
     *
     * @param delivered the last number that was delivered here
     * @param received the last number that was received here
     * @param held the packets that were received and not yet delivered
     */
    public record Sender(long delivered, long received, List<Sent> held) {
        public Sender {
            held = List.copyOf(held);
        }
    }

    /**
     * Messages that were sent under one number.
     *
     * @param number the number
     * @param to the receiver, or null if the messages are for all members
     * @param place their place in the order of the group
     * @param messages the messages in order
     */
    public record Sent(long number, @Nullable NodeId to, Place place, List<Bytes> messages) {
        public Sent {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The place of messages in the order of the group.
     *
     * @param ordering the order that the sender asked for
     * @param stamp for each member of the view, the last number that the sender had delivered; empty if the order
     *     needs no causes
     * @param order the order numbers that were sent in place of messages; empty except from the most senior member
     */
    public record Place(Ordering ordering, List<Long> stamp, List<Turn> order) {
        /** The place of messages that follow only the earlier ones of their sender. */
        public static final Place FIFO = new Place(Ordering.FIFO, List.of(), List.of());

        public Place {
            stamp = List.copyOf(stamp);
            order = List.copyOf(order);
        }
    }

    /**
     * Turns of one member in the total order.
     *
     * @param rank the place of the member in the view, from 0
     * @param packets how many packets of it follow each other
     */
    public record Turn(int rank, int packets) {}

    /**
     * A message that waited to be sent.
     *
     * @param to the receiver, or null if the message is for all members
     * @param message the message
     */
    public record Queued(@Nullable NodeId to, Bytes message) {}

    public GroupCut {
        senders = Collections.unmodifiableSortedMap(new TreeMap<>(senders));
        order = List.copyOf(order);
        kept = List.copyOf(kept);
        queued = List.copyOf(queued);
    }
}
