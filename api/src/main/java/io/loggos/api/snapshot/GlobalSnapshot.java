package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.NodeCut;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

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
     * Returns the messages of a group that were in flight, decoded by {@code type}, in the order of {@link
     * #inFlight(String)}.
     */
    public <T> List<InFlight<T>> inFlight(String group, Function<Bytes, T> type) {
        return inFlight(group).stream()
                .map(each -> new InFlight<>(each.from(), each.to(), type.apply(each.message())))
                .toList();
    }

    /**
     * Returns the messages of a group that were in flight.
     *
     * <p>They were held back at their receiver, on the way to it, or queued at their sender. Those to one receiver
     * come in the order that the group promises: by sender, by cause, and in one total order where that was asked for.
     */
    public List<InFlight<Bytes>> inFlight(String group) {
        TreeMap<NodeId, GroupCut> members = new TreeMap<>();
        for (NodeCut node : nodes.values()) {
            for (GroupCut cut : node.groups()) {
                if (cut.group().equals(group)) {
                    members.put(node.node(), cut);
                }
            }
        }
        return members.isEmpty() ? List.of() : new Undelivered(members).inOrder();
    }
}
