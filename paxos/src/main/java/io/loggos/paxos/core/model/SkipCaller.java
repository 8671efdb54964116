package io.loggos.paxos.core.model;

import org.jspecify.annotations.Nullable;

/** The caller of a request to skip a slot, for whoever answers it. */
@FunctionalInterface
public interface SkipCaller {
    /**
     * Reports the end of the request. Any thread.
     *
     * @param refusal the reason why the slot is not skipped, or not yet; null if all replicas skip it
     */
    void ended(@Nullable String refusal);
}
