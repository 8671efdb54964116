package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replica asks of the node it lives in, besides messages, writes and timers. In the order of the calls. */
public interface Effects {
    /** Why a caller does not get what it asked for. */
    enum Failure {
        /** No leader was found in time; nothing happened. */
        UNAVAILABLE,
        /** The command was sent; whether it takes effect is unknown. */
        OUTCOME_UNKNOWN
    }

    /**
     * The state machine's next batch.
     *
     * @param callers who waits for each of its commands, null for those of others; null if nobody does
     */
    void apply(long slot, Batch batch, @Nullable Object @Nullable [] callers);

    /** The state machine shall run these queries once it has applied all that it was given. */
    void runReads(List<Object> callers);

    /** The state machine shall take the state of the checkpoint that was installed at this slot. */
    void restore(long slot);

    /** A caller shall be told of a failure. */
    void fail(Object caller, Failure failure);

    /**
     * Reads chosen slots from the disk, with all that was persisted before; {@link MultiPaxos#onLogRead} gets
     * them.
     *
     * @param requester the peer that wants them, or null for the state machine
     */
    void readLog(@Nullable NodeId requester, long fromSlot, long throughSlot);

    /**
     * Fetches a checkpoint that stands at a slot or later from a peer; {@link MultiPaxos#onCheckpointInstalled} or {@link
     * MultiPaxos#onCheckpointMissed} is called.
     */
    void fetchCheckpoint(NodeId source, long leastSlot);

    /** This replica must stop: something happened that cannot. */
    void halt(String reason);

    /** Something worth a line in a trace or a count: ignored input, a role taken, a repair. */
    void note(String event);
}
