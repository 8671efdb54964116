package io.loggos.api.node;

import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaStatus;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The status of a node at one moment.
 *
 * @param id the node's number
 * @param clusterId the name of its cluster
 * @param incarnation the random number of its store; a wiped store gets a new one
 * @param connected the nodes with which it has two-way contact, itself included
 * @param formed true if every node of the cluster has met every other at least once; before that no log can decide
 * @param unmet the nodes that this one has not met yet; empty if formed
 * @param fenced the reason why this node must take no part any more: its data directory is an older copy, or its disk
 *     has lost synced writes; null if it may. The status of every replica then begins with {@code AMNESIA_DETECTED}
 * @param refused the nodes that this one refuses or that refuse it, with the reason, until a connection succeeds
 * @param replicas in the order of their names
 */
public record NodeStatus(
        NodeId id,
        String clusterId,
        long incarnation,
        SortedSet<NodeId> connected,
        boolean formed,
        SortedSet<NodeId> unmet,
        @Nullable String fenced,
        SortedMap<NodeId, String> refused,
        List<ReplicaStatus> replicas) {}
