package io.loggos.multicast.runtime;

import io.loggos.api.CheckpointWriter;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import java.nio.file.Path;

/** Moves the states of groups between nodes, away from the loop and the listeners. */
public interface StateTransfer {
    /** Told how it went, on a thread of the transfer's own. */
    interface Listener {
        /** The state is in this directory. */
        void fetched(Path directory);

        /** There is none at the provider yet, or it could not be fetched. */
        void missed(String reason);
    }

    /** Told if a state cannot be kept, on a thread of the transfer's own. */
    @FunctionalInterface
    interface Failure {
        void failed(String reason);
    }

    /** Writes a captured state, for those who join in the view of this id. Returns at once. Any thread. */
    void keep(GroupId group, ViewId boundary, CheckpointWriter captured, Failure failure);

    /**
     * Asks a node for the state that it keeps under this id, once, and fetches it if it is there. Returns at once; what was
     * fetched in part is not fetched again. Any thread.
     */
    void fetch(GroupId group, NodeId provider, ViewId boundary, Listener listener);
}
