package io.loggos.api.snapshot.cut;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One node in a cut: the state that it recorded, and the contents of each incoming link.
 *
 * @param node the node
 * @param incarnation the random number of its store
 * @param replicas in the order of their names
 * @param groups in the order of their names
 * @param participants the states that the application recorded, by participant
 * @param links one for each other node of the cut
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
