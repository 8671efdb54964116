package io.loggos.paxos.core.model;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;

/** A caller that waits for the outcome of its command. */
public interface CommandCaller extends Caller {
    /**
     * Completes the command with the answer of the state machine, on the thread that applies commands.
     *
     * @param slot the slot in which the command took effect
     * @param nowNanos monotonic time in nanoseconds
     */
    void complete(Slot slot, Bytes answer, long nowNanos);
}
