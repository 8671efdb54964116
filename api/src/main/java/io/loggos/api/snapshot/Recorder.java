package io.loggos.api.snapshot;

import io.loggos.api.Bytes;

/**
 * A part of an application's state that global snapshots record. Its methods are called on the thread that calls the
 * node's group listeners, between two of their calls.
 *
 * <p>The cut is consistent for the application if it changes what is recorded here, and sends the messages that belong to
 * it, on that thread only: in a listener, or in a step given to {@link Participant#execute}.
 */
public interface Recorder {
    /** The state as it stands. Be quick: no message is delivered meanwhile. */
    Bytes record();

    /**
     * Takes over the state that this participant recorded on this node, in a cluster that was restored from a snapshot.
     * Called once, before any step and any message, if there is such a state. The messages that were in flight to this
     * node come after the first view of their group, from their senders.
     */
    default void restore(Bytes state) {}
}
