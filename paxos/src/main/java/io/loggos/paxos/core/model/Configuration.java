package io.loggos.paxos.core.model;

import io.loggos.api.NodeId;
import java.util.List;
import java.util.SortedSet;

/**
 * The voters of a log and its quorums, which are majorities (<i>Paxos Made Simple</i>, section 2.2).
 *
 * <p>Any two quorums share a voter. Every message carries the number of its sender's configuration.
 *
 * @param number 1 for the configuration with which the cluster starts
 * @param voters by id
 */
public record Configuration(long number, List<NodeId> voters) {
    public Configuration {
        voters = List.copyOf(voters);
    }

    /** Returns the configuration with which a cluster starts. */
    public static Configuration initial(SortedSet<NodeId> members) {
        return new Configuration(1, List.copyOf(members));
    }

    /** Returns the bit of a voter in a set of votes, or 0 if the node is no voter. */
    public long bit(NodeId node) {
        int position = voters.indexOf(node);
        return position < 0 ? 0 : 1L << position;
    }

    /** Tells if a set of votes is a quorum. */
    public boolean isQuorum(long votes) {
        return isQuorum(Long.bitCount(votes));
    }

    /** Tells if this number of voters is a quorum. */
    public boolean isQuorum(int count) {
        return count > voters.size() / 2;
    }
}
