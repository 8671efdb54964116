package io.loggos.api;

import io.loggos.api.replica.Replica;

/** Behaviour of {@link Replica#propose} when too many bytes are proposed and not yet decided. */
public enum OverloadPolicy {
    /** Fails at once with {@link OverloadedException}. */
    FAIL_FAST,
    /** Blocks the calling thread until there is room, at most for the request timeout. */
    WAIT
}
