package io.loggos.paxos.core.model;

import io.loggos.paxos.core.session.RequestTable;

/** A caller that waits for the result of its query. */
public interface ReadCaller extends Caller {
    /**
     * Runs the query on the state after this slot, and completes it. On the thread that applies commands.
     *
     * @param requests the answers to commands with ids after this slot
     */
    void run(long appliedSlot, RequestTable requests);
}
