package io.loggos.api.node;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member;
import io.loggos.api.member.Members;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change in what a node sees of its cluster, for {@link Node#onEvent} and the node's log.
 *
 * <p>Events are hints for people and for restarting work. They may be late, and no safety property may depend on them.
 * The text of an event ({@link Object#toString}) is a sentence about the node, without its id.
 */
public sealed interface NodeEvent {
    /**
     * The node waits for nodes that it has not met. A new cluster decides nothing before.
     *
     * @param unmet the nodes that have not remembered this one, at least one
     */
    record Waiting(SortedSet<NodeId> unmet) implements NodeEvent {
        public Waiting {
            unmet = copy(unmet);
        }

        @Override
        public String toString() {
            return "waits for " + names(unmet) + " to form the cluster";
        }
    }

    /** All nodes of the cluster have met, now or in an earlier life of this node. */
    record Formed() implements NodeEvent {
        @Override
        public String toString() {
            return "all nodes have met: the cluster has formed";
        }
    }

    /**
     * The node has no contact with another, or has learned a new reason for that.
     *
     * @param reason for people
     */
    record PeerUnreachable(NodeId peer, String reason) implements NodeEvent {
        @Override
        public String toString() {
            return "node " + peer.value() + " cannot be reached: " + reason;
        }
    }

    /** The node has two-way contact with another. */
    record PeerReachable(NodeId peer) implements NodeEvent {
        @Override
        public String toString() {
            return "node " + peer.value() + " is in contact";
        }
    }

    /**
     * The nodes in contact are no majority any more. Until {@link QuorumBack} this node decides nothing.
     *
     * @param connected the nodes in contact, this one included
     * @param needed the number of nodes that a majority has
     */
    record QuorumLost(SortedSet<NodeId> connected, int needed) implements NodeEvent {
        public QuorumLost {
            connected = copy(connected);
        }

        @Override
        public String toString() {
            return "the quorum is lost: only " + names(connected) + " in contact, and " + needed + " are needed";
        }
    }

    /**
     * The nodes in contact are a majority, for the first time or again.
     *
     * @param connected the nodes in contact, this one included
     */
    record QuorumBack(SortedSet<NodeId> connected) implements NodeEvent {
        public QuorumBack {
            connected = copy(connected);
        }

        @Override
        public String toString() {
            return "a quorum is in contact: " + names(connected);
        }
    }

    /**
     * This node's replica of a log follows another leader.
     *
     * @param log the name of the log
     * @param leader the leader; null if the replica knows none
     * @param ballot the ballot of the leader; zero if there is none
     */
    record LeaderChanged(String log, @Nullable NodeId leader, Ballot ballot) implements NodeEvent {
        @Override
        public String toString() {
            return "log \"" + log + "\": "
                    + (leader == null ? "no leader is known" : "node " + leader.value() + " leads in ballot " + ballot);
        }
    }

    /**
     * This node's replica of a log has halted.
     *
     * @param log the name of the log
     * @param reason as in {@link io.loggos.api.replica.ReplicaStatus#halted}
     */
    record Halted(String log, String reason) implements NodeEvent {
        @Override
        public String toString() {
            return "halts: " + reason;
        }
    }

    /**
     * This node must take no part any more, see {@link NodeStatus#fenced}.
     *
     * @param reason for people
     */
    record Fenced(String reason) implements NodeEvent {
        @Override
        public String toString() {
            return "takes no part any more: " + reason;
        }
    }

    /**
     * The cluster has other members from now on.
     *
     * @param members the new members
     */
    record ConfigurationChanged(Members members) implements NodeEvent {
        @Override
        public String toString() {
            return "configuration " + members.number() + " has the members "
                    + members.members().stream()
                            .map(member -> member.id().value()
                                    + (member.role() == Member.Role.VOTER ? "" : " (" + member.role() + ")"))
                            .collect(Collectors.joining(", "));
        }
    }

    /**
     * This node is no member of the cluster any more, and takes no part.
     *
     * @param reason for people
     */
    record Removed(String reason) implements NodeEvent {
        @Override
        public String toString() {
            return "is no member any more: " + reason;
        }
    }

    /** The node closes. */
    record Closing() implements NodeEvent {
        @Override
        public String toString() {
            return "closes";
        }
    }

    private static SortedSet<NodeId> copy(SortedSet<NodeId> nodes) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    private static String names(SortedSet<NodeId> nodes) {
        return (nodes.size() == 1 ? "node " : "nodes ")
                + nodes.stream().map(node -> Integer.toString(node.value())).collect(Collectors.joining(", "));
    }
}
