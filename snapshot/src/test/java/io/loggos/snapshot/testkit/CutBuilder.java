package io.loggos.snapshot.testkit;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts a cut together, of nodes 1 to n. */
public final class CutBuilder {
    /** Place of a message of a group. */
    public enum Place {
        HELD,
        ON_THE_WAY,
        QUEUED
    }

    /** One membership, being put together. */
    private static final class Membership {
        private View view;
        private long number;
        private final TreeMap<NodeId, GroupCut.Sender> senders = new TreeMap<>();
        private final List<GroupCut.Sent> kept = new ArrayList<>();
        private final List<GroupCut.Turn> order = new ArrayList<>();
        private final List<GroupCut.Queued> queued = new ArrayList<>();

        Membership(View view) {
            this.view = view;
            view.members().forEach(member -> senders.put(member, new GroupCut.Sender(0, 0, List.of())));
        }

        GroupCut built(String group) {
            return new GroupCut(group, view, senders, order, kept, queued);
        }
    }

    private final View view;
    private NodeId initiator = NodeId.of(1);
    private long number = 1;
    private final Map<NodeId, TreeMap<String, Bytes>> participants = new TreeMap<>();
    private final Map<NodeId, TreeMap<String, Membership>> groups = new TreeMap<>();
    private final Map<NodeId, List<ReplicaCut>> replicas = new TreeMap<>();
    private final Map<NodeId, TreeMap<NodeId, List<Bytes>>> channels = new TreeMap<>();

    public CutBuilder(int nodes) {
        List<NodeId> members =
                IntStream.rangeClosed(1, nodes).mapToObj(NodeId::of).toList();
        view = new View(new ViewId(3, NodeId.of(1), 77), members, true);
        for (NodeId node : members) {
            participants.put(node, new TreeMap<>());
            groups.put(node, new TreeMap<>());
            replicas.put(node, new ArrayList<>());
            channels.put(node, new TreeMap<>());
        }
    }

    public CutBuilder id(int beganIt, long newNumber) {
        initiator = NodeId.of(beganIt);
        number = newNumber;
        return this;
    }

    public CutBuilder state(int node, String participant, String state) {
        participants.get(NodeId.of(node)).put(participant, Bytes.utf8(state));
        return this;
    }

    /** All nodes are members. */
    public CutBuilder group(String group) {
        groups.values().forEach(memberships -> memberships.put(group, new Membership(view)));
        return this;
    }

    /** One node has gone on to another view of the group. */
    public CutBuilder nextView(int node, String group) {
        ViewId next = new ViewId(
                view.id().counter() + 1, view.id().coordinator(), view.id().life());
        membership(node, group).view = new View(next, view.members(), true);
        return this;
    }

    /** One node is no member of the group. */
    public CutBuilder without(int node, String group) {
        groups.get(NodeId.of(node)).remove(group);
        return this;
    }

    /** A message of the group is in flight. All that one member has sent is added in the order of {@link Place}. */
    public CutBuilder inFlight(String group, int from, int to, String message, Place place) {
        Membership sender = membership(from, group);
        NodeId target = NodeId.of(to);
        if (place == Place.QUEUED) {
            sender.queued.add(new GroupCut.Queued(target, Bytes.utf8(message)));
            return this;
        }
        GroupCut.Sent sent =
                new GroupCut.Sent(++sender.number, target, GroupCut.Place.FIFO, List.of(Bytes.utf8(message)));
        sender.kept.add(sent);
        if (place == Place.HELD) {
            hold(membership(to, group), NodeId.of(from), sent);
        }
        return this;
    }

    private static void hold(Membership receiver, NodeId from, GroupCut.Sent sent) {
        List<GroupCut.Sent> held = new ArrayList<>(receiver.senders.get(from).held());
        held.add(sent);
        receiver.senders.put(from, new GroupCut.Sender(0, sent.number(), held));
    }

    private Membership membership(int node, String group) {
        return groups.get(NodeId.of(node)).get(group);
    }

    public CutBuilder replica(int node, String log, long slot) {
        replicas.get(NodeId.of(node))
                .add(new ReplicaCut(
                        log,
                        Slot.of(slot),
                        Ballot.ZERO,
                        Slot.of(1),
                        Slot.of(slot),
                        Slot.of(slot),
                        new TreeMap<>(),
                        Bytes.EMPTY,
                        0));
        return this;
    }

    /** Puts messages on a link, each of this size, beginning with this byte. */
    public CutBuilder link(int from, int to, int messages, int sizeBytes, int firstByte) {
        byte[] message = new byte[sizeBytes];
        message[0] = (byte) firstByte;
        List<Bytes> channel = channels.get(NodeId.of(to)).computeIfAbsent(NodeId.of(from), key -> new ArrayList<>());
        IntStream.range(0, messages).forEach(i -> channel.add(Bytes.wrap(message)));
        return this;
    }

    public GlobalSnapshot build() {
        return without(null);
    }

    /** The cut without a node. */
    public GlobalSnapshot without(@Nullable Integer missing) {
        TreeMap<NodeId, NodeCut> nodes = new TreeMap<>();
        for (NodeId node : view.members()) {
            if (missing == null || node.value() != missing) {
                nodes.put(node, node(node));
            }
        }
        return new GlobalSnapshot(
                new SnapshotId(initiator, 0x1234, number),
                "test",
                view,
                Instant.parse("2026-11-27T23:30:00.123Z"),
                nodes);
    }

    private NodeCut node(NodeId node) {
        TreeMap<NodeId, LinkCut> links = new TreeMap<>();
        for (NodeId peer : view.members()) {
            if (!peer.equals(node)) {
                List<Bytes> messages = channels.get(node).getOrDefault(peer, List.of());
                ChannelState channel = new ChannelState(peer, node, 1, 10, messages, 10 + messages.size());
                links.put(peer, new LinkCut(peer, 1, 5, channel));
            }
        }
        List<GroupCut> memberships = groups.get(node).entrySet().stream()
                .map(each -> each.getValue().built(each.getKey()))
                .toList();
        return new NodeCut(node, 1, replicas.get(node), memberships, participants.get(node), links);
    }
}
