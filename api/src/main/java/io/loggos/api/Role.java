package io.loggos.api;

/** What a replica is doing in its log at the moment. */
public enum Role {
    /** Accepts what a leader proposes. */
    FOLLOWER,
    /** In phase 1 of a ballot of its own. */
    CANDIDATE,
    /** In phase 2: proposes. */
    LEADER,
    /** Stopped by a failure; see {@link ReplicaStatus#halted}. */
    HALTED
}
