package io.loggos.paxos.core.model;

import io.loggos.api.replica.LeadershipTransferException;
import org.jspecify.annotations.Nullable;

/** A caller that waits for the end of a transfer of leadership. It is told once. */
@FunctionalInterface
public interface TransferCaller {
    /**
     * Reports the end of the transfer. Any thread.
     *
     * @param failure the reason why another replica was not seen to lead; null if the target leads
     */
    void ended(LeadershipTransferException.@Nullable Reason failure);
}
