package io.loggos.api.replica;

/** The present role of a replica in its log. */
public enum Role {
    /** Accepts the proposals of a leader. */
    FOLLOWER,
    /** Runs phase 1 of a ballot that it owns. */
    CANDIDATE,
    /** Runs phase 2: proposes. */
    LEADER,
    /** Stopped by a failure; see {@link ReplicaStatus#halted}. */
    HALTED
}
