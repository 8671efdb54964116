package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.wire.DataFrame;
import java.util.ArrayDeque;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Messages in flight between the nodes of a {@link GroupCluster}, in the order sent, and what they cost. */
final class GroupWire {
    record Sent(NodeId from, NodeId to, GroupMessage message) {}

    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();
    private final ArrayDeque<Sent> holding = new ArrayDeque<>();
    private BiPredicate<Integer, Integer> cut = (one, other) -> false;
    private BiPredicate<NodeId, GroupMessage> held = (to, message) -> false;
    private long messages;
    private long bytes;
    private long largest;

    void post(NodeId from, NodeId to, GroupMessage message) {
        GroupCodec.Encoded encoded = GroupCodec.encode(from, GroupCluster.GROUP, message);
        long size = (long) encoded.head().size() + encoded.body().size();
        messages++;
        bytes += size;
        largest = Math.max(largest, DataFrame.sizeOf(size));
        inFlight.add(new Sent(from, to, message));
    }

    /** Takes the next message; null if there is none, or it is lost or held back. */
    @Nullable
    Sent poll() {
        Sent sent = inFlight.poll();
        if (sent == null || isCut(sent.from, sent.to)) {
            return null;
        }
        if (held.test(sent.to, sent.message)) {
            holding.add(sent);
            return null;
        }
        return sent;
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    /** Sets which nodes cannot reach each other. */
    void cut(BiPredicate<Integer, Integer> newCut) {
        cut = newCut;
    }

    boolean isCut(NodeId one, NodeId other) {
        return cut.test(one.value(), other.value()) || cut.test(other.value(), one.value());
    }

    /** Holds messages back until they are released. */
    void hold(BiPredicate<NodeId, GroupMessage> which) {
        held = which;
    }

    void release() {
        held = (to, message) -> false;
        inFlight.addAll(holding);
        holding.clear();
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** The size of the largest frame that a message would have needed so far. */
    long largestFrameBytes() {
        return largest;
    }
}
