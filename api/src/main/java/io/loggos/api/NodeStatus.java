package io.loggos.api;

import java.util.List;
import java.util.SortedSet;

/**
 * What a node is doing at one moment.
 *
 * @param connected the nodes it has two-way contact with, itself included
 * @param formed whether every node of the cluster has met every other at least once; before that nothing can
 *     be decided
 * @param unmet the nodes that this one has not yet met, if not formed
 * @param replicas in the order of their names
 */
public record NodeStatus(
        NodeId id,
        String clusterId,
        long incarnation,
        SortedSet<NodeId> connected,
        boolean formed,
        SortedSet<NodeId> unmet,
        List<ReplicaStatus> replicas) {}
