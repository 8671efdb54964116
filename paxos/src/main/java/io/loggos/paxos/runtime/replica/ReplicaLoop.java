package io.loggos.paxos.runtime.replica;

import io.loggos.api.Ballot;
import io.loggos.api.node.NodeEvent;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The event loop of a node, as far as a replica needs it. Any thread, except where a method says otherwise. */
public interface ReplicaLoop {
    /** Queues a caller's request. Its turn comes as {@link #propose} or {@link #read}. */
    void ask(PendingRequest<?> request);

    /** Proposes a command. On the loop's thread. */
    void propose(PendingCommand command, long now);

    /** Begins a read that asks the leader, or that waits for a slot. On the loop's thread. */
    void read(PendingRead<?> read, long now);

    /** Begins a transfer of leadership. On the loop's thread. */
    void transfer(PendingTransfer transfer, long now);

    /** Runs a read on the state of this replica, without a message to any node. */
    void readHere(PendingRead<?> read);

    /** Notes that a checkpoint of a slot was written; the log is kept from {@code keptSlot} on. */
    void onCheckpoint(LocalReplica replica, long slot, long keptSlot);

    /** True on the thread that applies commands. */
    boolean appliesHere();

    /** The executor that completes the futures of answered requests; null if the thread that has the answer does. */
    @Nullable
    Executor answers();

    /** Runs something that completes a future, on a thread that nothing else of the node needs. */
    void answer(Runnable completion);

    /** Stops a replica. It stays known, so that its status can be read. */
    void retire(LocalReplica replica);

    /**
     * Closes a replica. Returns at once.
     *
     * <p>{@code whenDone} runs when this life of the log has ended (RULES.md O-2): its last queued write has ended or
     * failed, every message that waited for a write is discarded, and its state machine is not used any more.
     */
    void close(LocalReplica replica, Runnable whenDone);

    /** Tells an event to the log of the node and its listeners. */
    void tell(NodeEvent event);

    /** Says for people which nodes are in contact, and how many are needed. */
    String reach();

    /** The time at which the leader of a ballot was last heard; for this node itself, a quorum. */
    long lastContactNanos(Ballot leader);
}
