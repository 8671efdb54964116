package io.loggos.paxos.runtime.replica;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;

/** The event loop of a node, as far as a replica needs it. Any thread, except where a method says otherwise. */
public interface ReplicaLoop {
    /** Queues a caller's request. Its turn comes as {@link #propose} or {@link #read}. */
    void ask(PendingRequest<?> request);

    /** Proposes a command. On the loop's thread. */
    void propose(PendingCommand command, long now);

    /** Begins a linearizable read. On the loop's thread. */
    void read(PendingRead<?> read, long now);

    /** Runs a read on the state of this replica, without a message to any node. */
    void readHere(PendingRead<?> read);

    /** Notes that a checkpoint was written; the log is kept from {@code keptSlot} on. */
    void onCheckpoint(LogId log, long keptSlot);

    /** Stops a log. It stays known, so that its status can be read. */
    void retire(LocalReplica replica);

    /** Closes a replica. Returns at once and calls {@code whenDone} later. */
    void close(LocalReplica replica, Runnable whenDone);

    /** The time at which the leader of a ballot was last heard; for this node itself, a quorum. */
    long lastContactNanos(Ballot leader);
}
