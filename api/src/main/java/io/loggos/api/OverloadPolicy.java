package io.loggos.api;

import io.loggos.api.group.Group;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;

/** Behaviour of a {@link Replica} and of {@link Group#multicast} when too many bytes are pending. */
public enum OverloadPolicy {
    /** Refuses the call at once with {@link OverloadedException}. */
    FAIL_FAST,
    /**
     * Blocks the calling thread until there is room, then refuses the call with {@link OverloadedException}.
     *
     * <p>It waits at most {@link ReplicaOptions#requestTimeout} or {@link GroupOptions#sendTimeout}.
     */
    WAIT
}
