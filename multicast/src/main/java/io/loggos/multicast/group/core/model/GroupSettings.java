package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.Connectivity;
import java.util.Collections;
import java.util.SortedSet;

/**
 * Settings of a group on one node.
 *
 * @param nodes all nodes of the cluster, this one included, members or not; they may change
 * @param frameBytes the size of the largest frame of the links; every message is built within it, as {@code
 *     GroupMessageSizesTest} proves
 */
public record GroupSettings(
        GroupId group,
        NodeId self,
        SortedSet<NodeId> nodes,
        TimingOptions timing,
        GroupOptions options,
        int frameBytes) {
    /** Part of a frame that is left free beside the messages or order numbers of a packet. */
    private static final int RESERVED_BYTES = 4 << 10;

    /** Size of a packet, unless one message alone is larger or frames are smaller. */
    private static final int PACKET_BYTES = 128 << 10;

    /** Size of a run of order numbers. */
    private static final int RUN_BYTES = 5;

    /** Longest time that a node waits before it looks for the group again, in election timeouts. */
    private static final int LONGEST_PAUSE_TIMEOUTS = 8;

    /** Number of failed memberships up to which more and more may wait for a newcomer. */
    private static final int MOST_DOUBLINGS = 3;

    public GroupSettings {
        nodes = Collections.unmodifiableSortedSet(nodes);
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

    /** Size beyond which a packet takes no further message. */
    public int packetBytes() {
        return Math.min(PACKET_BYTES, frameBytes - RESERVED_BYTES);
    }

    /** Greatest number of runs in one packet of order numbers. */
    public int mostRuns() {
        return packetBytes() / RUN_BYTES;
    }

    /** Longest time that a node waits before it looks for the group again. */
    public long longestPauseNanos() {
        return LONGEST_PAUSE_TIMEOUTS * electionNanos();
    }

    /** Longest time that a member that leaves stays for a newcomer that fetches the state. */
    public long transferNanos() {
        return options.slowMemberTimeout().toNanos();
    }

    /**
     * Bytes that may wait for one application: for each node two windows.
     *
     * <p>A member sends one window at most, over all its views. If it comes back as another member, that one has a
     * window of its own.
     */
    public long mostWaitingBytes() {
        return 2L * nodes.size() * (options.windowBytes() + (long) options.maxMessageBytes() + PACKET_BYTES);
    }

    /**
     * Bytes that may wait for a newcomer while it catches up: a window a node, doubled after each
     * membership that has failed.
     */
    public long catchUpBytes(int failures) {
        return (mostWaitingBytes() / 2) << Math.min(failures, MOST_DOUBLINGS);
    }
}
