package io.loggos.paxos.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests of a replica to its node, besides messages, writes and timers. They take place in call order. */
public interface Effects {
    /** The reason why a caller's request fails. */
    enum Failure {
        /** No leader was found in time. The request had no effect. */
        UNAVAILABLE,
        /** The command was sent. Its outcome is unknown. */
        OUTCOME_UNKNOWN
    }

    /**
     * Gives the state machine its next batch.
     *
     * @param callers the caller of each command, with null for the commands of other nodes; null if no caller waits
     */
    void apply(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers);

    /** Passes over the next batch: all its commands fail (RULES.md B-11). Otherwise as {@link #apply}. */
    void skip(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers);

    /**
     * Tells a caller that its request to skip a slot has ended.
     *
     * @param refusal the reason why the slot is not skipped, or not yet; null if it is
     */
    void skipEnded(SkipCaller caller, @Nullable String refusal);

    /** Runs these queries once the state machine has applied everything that it was given. */
    void runReads(List<ReadCaller> callers);

    /** Tells a caller that its request failed. */
    void fail(Caller caller, Failure failure);

    /**
     * Tells a caller that its transfer of leadership has ended.
     *
     * @param failure the reason why the target was not seen to lead, or null
     */
    void transferEnded(TransferCaller caller, LeadershipTransferException.@Nullable Reason failure);

    /**
     * Reads chosen slots from the disk, all earlier writes included. {@code MultiPaxos.onLogRead} receives the result.
     *
     * @param requester the peer that wants the slots, or null for the state machine
     */
    void readLog(@Nullable NodeId requester, long fromSlot, long throughSlot);

    /**
     * Fetches a checkpoint at this slot or a later one from a peer, and restores the state machine from it.
     *
     * <p>Afterwards {@code MultiPaxos.onCheckpointInstalled} or {@code onCheckpointMissed} is called.
     */
    void fetchCheckpoint(NodeId source, long leastSlot);

    /** Tells that the slots behind those that are learned belong to another configuration from now on. */
    void configured(Configuration configuration);

    /** Stops this replica, because an invariant is violated. */
    void halt(String reason);

    /** Records an event for traces and counters, such as ignored input, a new role, or a repair. */
    void note(PaxosEvent event);
}
