package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.NodeCut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A consistent cut through a running cluster: the state of every node and the messages in flight between them.
 *
 * <p>Every message that was received in the cut was also sent in it (Chandy and Lamport 1985, section 3.1). The system
 * could therefore have passed through this state, although it need not have done so.
 *
 * <p>The snapshot was verified before it was returned. The states of replicas lie on the disks of their nodes, or in
 * the directory of an export. Everything else is in this object.
 *
 * @param id the name of the snapshot
 * @param clusterId the cluster of which it was taken
 * @param view the nodes that take part in it
 * @param takenAt the initiator's clock when it recorded its state
 * @param nodes the part of each node
 */
public record GlobalSnapshot(
        SnapshotId id, String clusterId, View view, Instant takenAt, SortedMap<NodeId, NodeCut> nodes) {
    public GlobalSnapshot {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /** Returns the states that a participant recorded, by node, decoded by {@code type}. */
    public <T> SortedMap<NodeId, T> states(String participant, Function<Bytes, T> type) {
        TreeMap<NodeId, T> states = new TreeMap<>();
        nodes.forEach((node, cut) -> {
            Bytes state = cut.participants().get(participant);
            if (state != null) {
                states.put(node, type.apply(state));
            }
        });
        return states;
    }

    /**
     * Returns the messages of a group that were in flight, decoded by {@code type}.
     *
     * <p>The messages of one sender come in the order in which it sent them.
     */
    public <T> List<InFlight<T>> inFlight(String group, Function<Bytes, T> type) {
        return inFlight(group).stream()
                .map(each -> new InFlight<>(each.from(), each.to(), type.apply(each.message())))
                .toList();
    }

    /**
     * Returns the messages of a group that were in flight.
     *
     * <p>They were held back at their receiver, on the way to it, or queued at their sender.
     */
    public List<InFlight<Bytes>> inFlight(String group) {
        List<InFlight<Bytes>> found = new ArrayList<>();
        for (NodeCut sender : nodes.values()) {
            GroupCut sending = cut(sender, group);
            if (sending != null) {
                for (NodeCut receiver : nodes.values()) {
                    GroupCut receiving = cut(receiver, group);
                    if (receiving != null) {
                        addInFlight(sender.node(), sending, receiver.node(), receiving, found);
                    }
                }
            }
        }
        return found;
    }

    private static @Nullable GroupCut cut(NodeCut node, String group) {
        return node.groups().stream()
                .filter(each -> each.group().equals(group))
                .findFirst()
                .orElse(null);
    }

    private static void addInFlight(
            NodeId from, GroupCut sending, NodeId to, GroupCut receiving, List<InFlight<Bytes>> found) {
        GroupCut.Sender come = receiving.senders().get(from);
        if (come == null) {
            return;
        }
        for (GroupCut.Sent held : come.held()) {
            add(from, to, held, found);
        }
        for (GroupCut.Sent kept : sending.kept()) {
            if (kept.number() > come.received()) {
                add(from, to, kept, found);
            }
        }
        for (GroupCut.Queued queued : sending.queued()) {
            if (queued.to() == null || queued.to().equals(to)) {
                found.add(new InFlight<>(from, to, queued.message()));
            }
        }
    }

    private static void add(NodeId from, NodeId to, GroupCut.Sent sent, List<InFlight<Bytes>> found) {
        if (sent.to() == null || sent.to().equals(to)) {
            sent.messages().forEach(message -> found.add(new InFlight<>(from, to, message)));
        }
    }
}
