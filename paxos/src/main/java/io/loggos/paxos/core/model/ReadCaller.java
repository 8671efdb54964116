package io.loggos.paxos.core.model;

/** A caller that waits for the result of its query. */
public interface ReadCaller extends Caller {
    /** Runs the query on the state after this slot, and completes it. On the thread that applies commands. */
    void run(long appliedSlot);
}
