package io.loggos.api.node;

import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaStatus;
import java.util.List;
import java.util.SortedSet;

/**
 * The status of a node at one moment.
 *
 * @param id the node's number
 * @param clusterId the name of its cluster
 * @param incarnation the random number of its store; a wiped store gets a new one
 * @param connected the nodes with which it has two-way contact, itself included
 * @param formed true if every node of the cluster has met every other at least once; before that no log can decide
 * @param unmet the nodes that this one has not met yet; empty if formed
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
