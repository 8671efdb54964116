package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.SortedMap;

/** What a {@link SnapshotProcess} asks of its node. */
public interface SnapshotEffects {
    /** Sends over the link to a peer, as the next message on it. */
    void send(NodeId to, SnapshotMessage message);

    /** Sends to the group of all nodes, this one included; in total order, and delivered only once all have it. */
    void multicast(SnapshotMessage message);

    /**
     * Records the state of this node as it stands now, before this returns or at a place in the order of events that is
     * marked before this returns. Sends nothing: the markers are the next on the links.
     *
     * @return why that cannot be done; empty if it can
     */
    String recordState(SnapshotId id);

    /**
     * All channels are recorded. Puts them on disk together with the state, and reports
     * {@link SnapshotProcess#onWritten} or {@link SnapshotProcess#onFailed}.
     */
    void write(SnapshotId id, Recording<NodeId, Bytes> recording);

    /**
     * All parts are on disk, this node being the initiator. Fetches and verifies them, and reports
     * {@link SnapshotProcess#onVerified} or {@link SnapshotProcess#onFailed}.
     */
    void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> parts);

    /** The snapshot is complete. Makes this node's part visible, and reports {@link SnapshotProcess#onPublished}. */
    void publish(SnapshotId id, Bytes manifest, int retained);

    /**
     * This node has made its part visible, and if it is the initiator, so has every other that it still hears of. The last
     * of a snapshot.
     */
    void completed(SnapshotId id);

    /** The snapshot comes to nothing. Throws away what was recorded. The last of a snapshot. */
    void aborted(SnapshotId id, String reason);

    /** Deletes a complete snapshot. */
    void delete(SnapshotId id);

    /** Something worth counting. */
    void note(String event);
}
