package io.loggos.api.snapshot;

import io.loggos.api.Bytes;

/**
 * Records a part of an application's state for global snapshots.
 *
 * <p>Its methods are called on the thread that calls the node's group listeners, between two of their calls.
 *
 * <p>The cut is consistent for the application under one condition. All changes of the recorded state, and all sends
 * that belong to it, happen on that thread. It runs the listeners and the steps given to {@link Participant#execute}.
 */
public interface Recorder {
    /**
     * Returns the present state. Must be quick, because no message is delivered meanwhile.
     *
     * <p>A {@link RuntimeException} aborts the attempt at the snapshot.
     */
    Bytes record();

    /**
     * Takes over the state that this participant recorded on this node, after a restore of the cluster.
     *
     * <p>Called once, before any step and any message, if the snapshot has such a state. The messages that were in
     * flight to this node follow from their senders, after the first view of their group. A {@link RuntimeException} is
     * logged.
     */
    default void restore(Bytes state) {}
}
