package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One node in a cut: the state it recorded, and what each of its incoming links held.
 *
 * @param incarnation of its store
 * @param replicas in the order of their names
 * @param groups in the order of their names
 * @param participants what the application recorded, by name
 * @param links one to each other node of the cut
 */
public record NodeCut(
        NodeId node,
        long incarnation,
        List<ReplicaCut> replicas,
        List<GroupCut> groups,
        SortedMap<String, Bytes> participants,
        SortedMap<NodeId, LinkCut> links) {
    public NodeCut {
        replicas = List.copyOf(replicas);
        groups = List.copyOf(groups);
        participants = Collections.unmodifiableSortedMap(new TreeMap<>(participants));
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
    }
}
