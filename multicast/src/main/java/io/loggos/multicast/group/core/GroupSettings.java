package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.TimingOptions;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.multicast.Connectivity;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a group is run with on one node.
 *
 * @param nodes all nodes of the cluster, this one included, members or not
 */
public record GroupSettings(
        GroupId group, NodeId self, SortedSet<NodeId> nodes, TimingOptions timing, GroupOptions options) {
    public GroupSettings {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    long heartbeatNanos() {
        return timing.heartbeatInterval().toNanos();
    }

    long electionNanos() {
        return timing.electionTimeout().toNanos();
    }

    /** How long an agreement may take: a log may have to find a leader first. */
    long agreementNanos() {
        return options.agreement() == GroupOptions.Agreement.LOG ? 2 * electionNanos() : electionNanos() / 2;
    }

    /** Whether what the agreement has granted is void after a time, so that who comes back to it has to ask again. */
    boolean grantsLapse() {
        return options.agreement() == GroupOptions.Agreement.MAJORITY;
    }

    /** Whether this node has contact with so many that all together are a majority of the cluster. */
    boolean hasMajority(Connectivity connectivity) {
        long connected = nodes.stream()
                .filter(node -> node.equals(self) || connectivity.connected(node))
                .count();
        return 2 * connected > nodes.size();
    }

    boolean isStateful() {
        return options.state().isPresent();
    }
}
