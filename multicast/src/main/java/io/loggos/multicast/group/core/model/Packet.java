package io.loggos.multicast.group.core.model;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.internal.codec.ByteReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Unit that is numbered, kept, ordered and delivered: messages that one member sent together, or order numbers.
 *
 * @param origin the rank of the member that sent it first; a relay leaves it as it is
 * @param number counts the packets of the origin in this view, from 1
 * @param to the rank of the one member it is for, or -1; the others get it hollow: without messages, in its place
 * @param stamp for each rank, how many of its packets the origin had delivered; {@link VectorClock#NONE} if nothing
 *     needs it
 * @param order order numbers, by the sequencer alone: nothing else is in such a packet
 * @param content the meaning of its messages to the receiving node
 * @param count how many messages
 * @param messages each after its size in four bytes
 */
public record Packet(
        ViewId view,
        int origin,
        long number,
        Ordering ordering,
        Delivery delivery,
        int to,
        VectorClock stamp,
        OrderNumbers order,
        Content content,
        int count,
        Bytes messages)
        implements GroupMessage, GroupMessage.InView {
    /** The meaning of messages to the node that receives them. */
    public enum Content {
        /** Messages for the listener. */
        MESSAGES,
        /** Requests that the receiver answers. */
        REQUESTS,
        /** Answers to requests of the receiver. */
        ANSWERS
    }

    /** Creates a packet of plain messages. */
    public Packet(
            ViewId view,
            int origin,
            long number,
            Ordering ordering,
            Delivery delivery,
            int to,
            VectorClock stamp,
            OrderNumbers order,
            int count,
            Bytes messages) {
        this(view, origin, number, ordering, delivery, to, stamp, order, Content.MESSAGES, count, messages);
    }

    /** True if it takes its turn in the total order. */
    public boolean isTotal() {
        return ordering.isTotal() && order.isEmpty();
    }

    public boolean isCausal() {
        return ordering.isCausal() && order.isEmpty();
    }

    public boolean isSafe() {
        return delivery == Delivery.SAFE;
    }

    /** Visits its messages; they share its bytes. */
    public void forEachMessage(Consumer<Bytes> visitor) {
        ByteReader reader = new ByteReader(messages);
        for (int left = count; left > 0; left--) {
            visitor.accept(reader.getBytes());
        }
    }

    /** Messages for the listener; none if they are requests or answers, for which nobody waits after a restore. */
    public List<Bytes> plainMessages() {
        return content == Content.MESSAGES ? unpacked() : List.of();
    }

    public List<Bytes> unpacked() {
        List<Bytes> unpacked = new ArrayList<>(count);
        forEachMessage(unpacked::add);
        return unpacked;
    }

    /** Its place in the order of the group, for a global snapshot. */
    public GroupCut.Place place() {
        List<GroupCut.Turn> turns = new ArrayList<>(order.size());
        for (int run = 0; run < order.size(); run++) {
            turns.add(new GroupCut.Turn(order.rank(run), order.length(run)));
        }
        return new GroupCut.Place(
                ordering, Arrays.stream(stamp.toArray()).boxed().toList(), turns);
    }

    /** True if a view of so many members can have it: ranks and sizes are right, and only the sequencer orders. */
    public boolean fits(int ranks) {
        boolean isOrder = !order.isEmpty();
        for (int run = 0; run < order.size(); run++) {
            if (order.rank(run) >= ranks) {
                return false;
            }
        }
        boolean needsStamp = !isOrder && (ordering.isCausal() || isSafe());
        return origin < ranks
                && to < ranks
                && (!isOrder || origin == 0)
                && (stamp.size() == ranks || (stamp.size() == 0 && !needsStamp));
    }

    /** Cost of keeping it, in bytes. */
    public long costBytes() {
        return messages.size() + OVERHEAD_BYTES;
    }

    /** True if it is for one member, and comes without its messages. */
    public boolean isHollow() {
        return to >= 0 && count == 0;
    }

    /** Returns the packet without its messages, for the members that it is not meant for. */
    public Packet hollow() {
        return new Packet(view, origin, number, ordering, delivery, to, stamp, order, content, 0, Bytes.EMPTY);
    }

    static final long OVERHEAD_BYTES = 128;

    @Override
    public void dispatch(NodeId from, Handler handler) {
        handler.onPacket(from, this);
    }

    @Override
    public String toString() {
        return "Packet[" + view + " " + origin + ":" + number + " " + ordering + (isSafe() ? " safe" : "")
                + (to < 0 ? "" : " to " + to) + (stamp.size() == 0 ? "" : " after " + stamp)
                + (order.isEmpty() ? "" : " order " + order) + " " + count + " messages]";
    }
}
