package io.loggos.multicast.group.core.channel;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** State of a member's channel, as a global snapshot records it. */
final class ChannelCut {
    private ChannelCut() {}

    static GroupCut of(String group, GroupView view, int self, SenderStream[] streams, List<GroupCut.Turn> order) {
        TreeMap<NodeId, GroupCut.Sender> senders = new TreeMap<>();
        for (int rank = 0; rank < streams.length; rank++) {
            SenderStream stream = streams[rank];
            senders.put(
                    view.member(rank).node(),
                    new GroupCut.Sender(
                            stream.delivered(),
                            stream.received(),
                            sent(view, stream, stream.delivered(), stream.received())));
        }
        List<GroupCut.Sent> kept = sent(view, streams[self], streams[self].base(), streams[self].received());
        return new GroupCut(group, view.toView(), senders, order, kept, List.of());
    }

    private static List<GroupCut.Sent> sent(GroupView view, SenderStream stream, long after, long through) {
        List<GroupCut.Sent> sent = new ArrayList<>();
        for (long number = after + 1; number <= through; number++) {
            Packet packet = stream.get(number);
            NodeId to = packet.to() < 0 ? null : view.member(packet.to()).node();
            sent.add(new GroupCut.Sent(number, to, packet.place(), packet.plainMessages()));
        }
        return sent;
    }
}
