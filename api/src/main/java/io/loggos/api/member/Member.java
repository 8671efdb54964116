package io.loggos.api.member;

import io.loggos.api.NodeId;

/**
 * A member of a cluster.
 *
 * @param id the number of the node; another store may take its place under the same number
 * @param incarnation the number of the store that is the member; 0 if this node has not met it
 * @param address the address at which peers reach it, as {@code host:port}
 * @param role its part in decisions
 */
public record Member(NodeId id, long incarnation, String address, Role role) {
    /** The part of a member in decisions. */
    public enum Role {
        /** It votes. */
        VOTER,
        /** It has all state, and does not vote. */
        LEARNER,
        /** It fetches all state, and becomes a voter by itself once it has that. */
        JOINING
    }
}
