package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.Connectivity;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Settings of a group on one node.
 *
 * @param nodes all nodes of the cluster, this one included, members or not
 */
public record GroupSettings(
        GroupId group, NodeId self, SortedSet<NodeId> nodes, TimingOptions timing, GroupOptions options) {
    public GroupSettings {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    public long heartbeatNanos() {
        return timing.heartbeatInterval().toNanos();
    }

    public long electionNanos() {
        return timing.electionTimeout().toNanos();
    }

    /** Longest time for an agreement: a log may have to find a leader first. */
    public long agreementNanos() {
        return options.agreement() == GroupOptions.Agreement.LOG ? 2 * electionNanos() : electionNanos() / 2;
    }

    /** True if grants become void after a time, so that a coordinator that adopts an attempt has to ask again. */
    public boolean grantsLapse() {
        return options.agreement() == GroupOptions.Agreement.MAJORITY;
    }

    /** True if this node and the nodes that it has contact with are a majority of the cluster. */
    public boolean hasMajority(Connectivity connectivity) {
        long connected = nodes.stream()
                .filter(node -> node.equals(self) || connectivity.connected(node))
                .count();
        return 2 * connected > nodes.size();
    }

    /** True if a node that wants to join has the same policy and agreement, and has state or none as this one. */
    public boolean admits(GroupMessage.Join join) {
        return join.policy() == options.partitionPolicy()
                && join.agreement() == options.agreement()
                && join.stateful() == isStateful();
    }

    public boolean isStateful() {
        return options.state().isPresent();
    }
}
