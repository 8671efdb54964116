package io.loggos.multicast.wire;

import org.jspecify.annotations.Nullable;

/** Why one end of a connection refuses the other. */
public enum Refusal {
    /** No version of the protocol is spoken by both. */
    VERSION(1, false),
    /** The other belongs to another cluster. */
    CLUSTER(2, false),
    /** The other takes this node for a different one, or is itself not the one that was dialled. */
    WRONG_NODE(3, false),
    /** The other is not among the configured peers. */
    UNKNOWN_PEER(4, false),
    /** The other's store is not the one that was first met under its id. */
    UNKNOWN_INCARNATION(5, false),
    /** Another process with the other's id is connected, and is heard. Passes by itself after a restart. */
    LIFE_IN_USE(6, true),
    /** The connection is older than one that is already in use. Passes by itself. */
    STALE_CONNECTION(7, true);

    private final int code;
    private final boolean passing;

    Refusal(int code, boolean passing) {
        this.code = code;
        this.passing = passing;
    }

    /** Whether trying again soon may help without anybody changing a configuration. */
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
