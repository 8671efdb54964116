package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.api.replica.CheckpointWriter;
import java.nio.file.Path;

/** Moves the states of groups between nodes, away from the loop and the listeners. */
public interface StateTransfer {
    /** Told the outcome, on a thread of the transfer's own. */
    interface Listener {
        /**
         * The state is in this directory.
         *
         * @param restored what was kept with it
         */
        void fetched(Path directory, Bytes restored);

        /** The provider does not have the state yet, or it could not be fetched. */
        void missed(String reason);
    }

    /** Told that a state cannot be kept, on a thread of the transfer's own. */
    @FunctionalInterface
    interface Failure {
        void failed(String reason);
    }

    /**
     * Writes a captured state, for the members that join in the view of this id. Returns at once. Any thread.
     *
     * @param restored is kept with it: what the provider has yet to give to its application from a snapshot
     */
    void keep(GroupId group, ViewId boundary, CheckpointWriter captured, Bytes restored, Failure failure);

    /**
     * Asks a node once for the state that it keeps under this id, and fetches it if it is there.
     *
     * <p>Returns at once. Parts that were fetched before are not fetched again. Any thread.
     */
    void fetch(GroupId group, NodeId provider, ViewId boundary, Listener listener);
}
