package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Packets of a view that this member has not installed yet, since their sender was told first.
 *
 * <p>The buffer is bounded. A packet that does not fit is dropped, and is sent again.
 */
final class EarlyPackets {
    private record Early(NodeId from, Packet packet) {}

    private final long mostBytes;
    private final List<Early> packets = new ArrayList<>();
    private long bytes;

    EarlyPackets(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void add(NodeId from, Packet packet) {
        if (bytes + packet.costBytes() <= mostBytes) {
            bytes += packet.costBytes();
            packets.add(new Early(from, packet));
        }
    }

    /** Hands over the packets of a view that is installed now, and forgets those that can never be needed. */
    void replay(GroupView view, BiConsumer<NodeId, Packet> taker) {
        List<Early> now = new ArrayList<>(packets);
        packets.clear();
        bytes = 0;
        for (Early early : now) {
            int order = early.packet.view().compareTo(view.id());
            if (order == 0) {
                taker.accept(early.from, early.packet);
            } else if (order > 0) {
                add(early.from, early.packet);
            }
        }
    }
}
