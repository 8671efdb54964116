package io.loggos.api.snapshot;

import io.loggos.api.Bytes;

/**
 * Records a part of an application's state for global snapshots.
 *
 * <p>The cut is consistent for the application under one condition. All changes of the recorded state, and all sends
 * that belong to it, happen in the listeners of the node's groups and in the steps given to
 * {@link Participant#execute}.
 */
public interface Recorder {
    /**
     * Returns the present state. Must be quick.
     *
     * <p>While it runs, no listener of a group and no step of a participant runs on this node. It is called on the
     * thread of any of them. If they do not come to rest within an election timeout, or anything is thrown, the
     * attempt at the snapshot is aborted. What is thrown goes to the node's {@link io.loggos.api.node.ErrorHandler}.
     */
    Bytes record();

    /**
     * Takes over the state that this participant recorded on this node, after a restore of the cluster.
     *
     * <p>Called by {@link io.loggos.api.node.Node#participant}, on the thread of its caller, if the snapshot has such
     * a state. Groups are to be joined after that, so that their messages come later. If anything is thrown,
     * {@code participant} fails with a {@link SnapshotException}, and the state is kept for the next start. Otherwise
     * it is given only once.
     */
    default void restore(Bytes state) {}
}
