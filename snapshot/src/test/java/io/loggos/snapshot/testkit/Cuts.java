package io.loggos.snapshot.testkit;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.internal.hash.Sha256;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A sound cut of three nodes, for tests that spoil it: messages in channels, one log, one group. */
public final class Cuts {
    public static final NodeId ONE = NodeId.of(1);
    public static final NodeId TWO = NodeId.of(2);
    public static final NodeId THREE = NodeId.of(3);
    public static final View VIEW = new View(new ViewId(5, TWO, -7), List.of(TWO, ONE, THREE), true);
    public static final View GROUP_VIEW = new View(new ViewId(9, ONE, 4), List.of(ONE, TWO), true);

    private Cuts() {}

    /** The cuts of all nodes. */
    public static SortedMap<NodeId, NodeCut> good() {
        TreeMap<NodeId, NodeCut> cuts = new TreeMap<>();
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            cuts.put(node, good(node));
        }
        return cuts;
    }

    /** The cut of one of them, without states. */
    public static NodeCut good(NodeId node) {
        TreeMap<NodeId, LinkCut> links = new TreeMap<>();
        for (NodeId peer : VIEW.members()) {
            if (!peer.equals(node)) {
                links.put(peer, link(node, peer));
            }
        }
        List<GroupCut> groups = GROUP_VIEW.contains(node) ? List.of(group(node)) : List.of();
        TreeMap<String, Bytes> participants = new TreeMap<>();
        participants.put("bank", Bytes.utf8("balance of " + node));
        return new NodeCut(node, 1000 + node.value(), List.of(), groups, participants, links);
    }

    /** The number of the last message that a node had sent to another. */
    public static long sent(NodeId from, NodeId to) {
        return 100L * from.value() + to.value();
    }

    private static LinkCut link(NodeId node, NodeId peer) {
        long inFlight = peer.value(); // as many messages are on the way as the sender's number says
        long sentToMe = sent(peer, node);
        List<Bytes> messages = LongStream.rangeClosed(sentToMe - inFlight + 1, sentToMe)
                .mapToObj(number -> Bytes.utf8("message " + number))
                .toList();
        ChannelState channel =
                new ChannelState(peer, node, generation(peer, node), sentToMe - inFlight + 1, messages, sentToMe + 1);
        return new LinkCut(peer, generation(node, peer), sent(node, peer), channel);
    }

    private static long generation(NodeId from, NodeId to) {
        return -10L * from.value() - to.value();
    }

    /** One has sent 8 and two has received 6 of them and delivered 5; the application of one has one more to send. */
    private static GroupCut group(NodeId node) {
        boolean one = node.equals(ONE);
        TreeMap<NodeId, GroupCut.Sender> senders = new TreeMap<>();
        senders.put(ONE, one ? new GroupCut.Sender(8, 8, List.of()) : new GroupCut.Sender(5, 6, List.of(sent(6, TWO))));
        senders.put(TWO, new GroupCut.Sender(0, 0, List.of()));
        return new GroupCut(
                "feed",
                GROUP_VIEW,
                senders,
                one ? List.of(new GroupCut.Turn(1, 2)) : List.of(),
                one ? List.of(sent(6, TWO), sent(7, null), sent(8, null)) : List.of(),
                one ? List.of(new GroupCut.Queued(TWO, Bytes.utf8("later"))) : List.of());
    }

    private static final GroupCut.Place PLACE =
            new GroupCut.Place(Ordering.CAUSAL_TOTAL, List.of(4L, 0L), List.of(new GroupCut.Turn(0, 3)));

    /** Two messages under one number. */
    public static GroupCut.Sent sent(long number, @Nullable NodeId to) {
        return new GroupCut.Sent(number, to, PLACE, List.of(Bytes.utf8("a" + number), Bytes.utf8("b" + number)));
    }

    /** A replica of "orders" at a slot, that holds the log from 3 on and knows the digests of the last slots. */
    public static ReplicaCut replica(long slot) {
        TreeMap<Slot, Long> history = new TreeMap<>();
        for (long each = Math.max(1, slot - 3); each <= slot; each++) {
            history.put(Slot.of(each), each * 0x9E3779B97F4A7C15L);
        }
        return new ReplicaCut(
                "orders",
                Slot.of(slot),
                new Ballot(7, 2),
                Slot.of(3),
                Slot.of(slot + 2),
                Slot.of(slot + 1),
                history,
                Bytes.wrap(Sha256.of(Bytes.utf8("state at " + slot).asByteBuffer())),
                100);
    }

    /** A cut with other replicas. */
    public static NodeCut with(NodeCut cut, List<ReplicaCut> replicas) {
        return new NodeCut(cut.node(), cut.incarnation(), replicas, cut.groups(), cut.participants(), cut.links());
    }

    /** A cut with another link in place of the one to the same peer. */
    public static NodeCut with(NodeCut cut, LinkCut link) {
        TreeMap<NodeId, LinkCut> links = new TreeMap<>(cut.links());
        links.put(link.peer(), link);
        return new NodeCut(cut.node(), cut.incarnation(), cut.replicas(), cut.groups(), cut.participants(), links);
    }

    /** A cut with one group only. */
    public static NodeCut with(NodeCut cut, GroupCut group) {
        return new NodeCut(
                cut.node(), cut.incarnation(), cut.replicas(), List.of(group), cut.participants(), cut.links());
    }
}
