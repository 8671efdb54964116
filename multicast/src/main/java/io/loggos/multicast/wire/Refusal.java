package io.loggos.multicast.wire;

import org.jspecify.annotations.Nullable;

/** Reason why one end of a connection refuses the other. */
public enum Refusal {
    /** The two nodes have no version of the protocol in common. */
    VERSION(1, false),
    /** The other node belongs to another cluster. */
    CLUSTER(2, false),
    /** The other node takes this node for a different one, or is itself not the one that was dialled. */
    WRONG_NODE(3, false),
    /** The other node is not among the configured peers. */
    UNKNOWN_PEER(4, false),
    /** The other node's store is not the one that was first met under its id. */
    UNKNOWN_INCARNATION(5, false),
    /**
     * Another process with the other node's id is connected, and was heard lately. This ends by itself after a restart.
     */
    LIFE_IN_USE(6, true),
    /** The connection is older than one that is already in use. This ends by itself. */
    STALE_CONNECTION(7, true),
    /** The store of one of the two is an older copy, or has lost synced writes. That node must not take part. */
    AMNESIA_DETECTED(8, false),
    /**
     * The other node keeps its reason to itself, because this one has not proved who it is. Nothing is known of how it
     * may end.
     */
    UNTOLD(9, true),
    /** The other node has not proved that it knows the secret, or that it is the node that it says it is. */
    UNPROVED(10, false),
    /** The other node's store is no member of the cluster any more. */
    REMOVED(11, false);

    private final int code;
    private final boolean passing;

    Refusal(int code, boolean passing) {
        this.code = code;
        this.passing = passing;
    }

    /** True if another attempt soon may succeed without a change of any configuration. */
    public boolean passing() {
        return passing;
    }

    int code() {
        return code;
    }

    static @Nullable Refusal of(int code) {
        for (Refusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        return null;
    }
}
