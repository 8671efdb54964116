package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import java.util.List;
import java.util.SortedSet;

/**
 * The voters of a log, and its quorums: majorities, any two of which share a voter (<i>Paxos Made Simple</i>,
 * section 2.2). Every message carries the number of the configuration it was sent in.
 *
 * @param number 1 for the configuration that the cluster starts with
 * @param voters by id
 */
public record Configuration(long number, List<NodeId> voters) {
    public Configuration {
        voters = List.copyOf(voters);
    }

    /** The configuration that a cluster starts with. */
    public static Configuration initial(SortedSet<NodeId> members) {
        return new Configuration(1, List.copyOf(members));
    }

    /** The bit of a voter in a set of votes, or 0 for somebody who is no voter. */
    public long bit(NodeId node) {
        int position = voters.indexOf(node);
        return position < 0 ? 0 : 1L << position;
    }

    /** Whether a set of votes is a quorum. */
    public boolean isQuorum(long votes) {
        return isQuorum(Long.bitCount(votes));
    }

    /** Whether so many voters are a quorum. */
    public boolean isQuorum(int count) {
        return count > voters.size() / 2;
    }
}
