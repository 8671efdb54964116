package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.SortedMap;

/** Effects that a {@link SnapshotProcess} asks of its node. */
public interface SnapshotEffects {
    /** Sends over the link to a peer, as the next message on it. */
    void send(NodeId to, SnapshotMessage message);

    /** True if this is a node of the cluster. */
    boolean isMember(NodeId node);

    /** Sends to the group of all nodes, this one included; in total order, and delivered only once all have it. */
    void multicast(SnapshotMessage message);

    /**
     * Records the state of this node as it stands now.
     *
     * <p>It is recorded before this returns, or at a place in the order of events that is marked before this returns.
     * Nothing is sent: the markers are the next messages on the links.
     *
     * @return the reason why that cannot be done; empty if it can
     */
    String recordState(SnapshotId id);

    /**
     * Writes the recorded channels to disk together with the state.
     *
     * <p>The outcome is reported as {@link SnapshotProcess#onWritten} or {@link SnapshotProcess#onFailed}.
     */
    void write(SnapshotId id, Recording<NodeId, Bytes> recording);

    /**
     * Fetches and verifies all parts, which are on disk; called at the initiator.
     *
     * <p>The outcome is reported as {@link SnapshotProcess#onVerified} or {@link SnapshotProcess#onFailed}.
     */
    void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> parts);

    /**
     * Makes this node's part of a complete snapshot visible.
     *
     * <p>The outcome is reported as {@link SnapshotProcess#onPublished} or {@link SnapshotProcess#onNotPublished}.
     */
    void publish(SnapshotId id, Bytes manifest, int retained);

    /**
     * Reports that this node has made its part visible; at the initiator, that all nodes have. The last call for a
     * snapshot.
     */
    void completed(SnapshotId id);

    /** Reports a complete snapshot of which a part could not be kept: it is deleted. The last call for a snapshot. */
    void lost(SnapshotId id, String reason);

    /** Discards the records of an aborted snapshot. The last call for a snapshot. */
    void aborted(SnapshotId id, String reason);

    /** Deletes a complete snapshot. */
    void delete(SnapshotId id);

    /** Counts an event. */
    void note(String event);
}
