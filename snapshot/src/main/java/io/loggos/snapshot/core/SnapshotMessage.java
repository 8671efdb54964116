package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.SnapshotId;

/**
 * Message between nodes about snapshots.
 *
 * <p>{@link Marker}, {@link Refused}, {@link Recorded}, {@link Kept} and {@link Lost} go over the links.
 * {@link Complete}, {@link Abort} and {@link Delete} go to the group of all nodes, in total order and safe.
 */
public sealed interface SnapshotMessage {
    /** The snapshot that it is about. */
    SnapshotId id();

    /** Calls the handler's method for this message. */
    void dispatch(NodeId from, Handler handler);

    /** Handles messages of every kind. */
    interface Handler {
        void onMarker(NodeId from, Marker marker);

        void onRefused(NodeId from, Refused refused);

        void onRecorded(NodeId from, Recorded recorded);

        void onKept(NodeId from, Kept kept);

        void onLost(NodeId from, Lost lost);

        void onComplete(Complete complete);

        void onAbort(Abort abort);

        void onDelete(Delete delete);
    }

    /**
     * Marks the sender's cut on its link: messages before it were sent before the cut, messages behind it afterwards.
     *
     * @param view of the nodes that take part
     * @param number its own on the link, as its sender counted
     */
    record Marker(SnapshotId id, ViewId view, long number) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onMarker(from, this);
        }
    }

    /** Tells the initiator that the sender cannot take part, or no longer can. */
    record Refused(SnapshotId id, String reason) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onRefused(from, this);
        }
    }

    /**
     * Tells the initiator that the sender's part is on its disk.
     *
     * @param sha256 of the record of the part
     * @param newest the highest number of a complete snapshot at the sender
     */
    record Recorded(SnapshotId id, Bytes sha256, long sizeBytes, long newest) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onRecorded(from, this);
        }
    }

    /** Tells the initiator that the sender has made its part of a complete snapshot visible. */
    record Kept(SnapshotId id) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onKept(from, this);
        }
    }

    /** Tells the initiator that the sender could not make its part of a complete snapshot visible. */
    record Lost(SnapshotId id, String reason) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onLost(from, this);
        }
    }

    /**
     * Tells that every part is on disk and that all of them together were verified.
     *
     * @param manifest names the parts
     * @param retained how many snapshots a node keeps from now on
     */
    record Complete(SnapshotId id, Bytes manifest, int retained) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onComplete(this);
        }
    }

    /** Tells that the snapshot is aborted. */
    record Abort(SnapshotId id, String reason) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onAbort(this);
        }
    }

    /** Tells that a complete snapshot is not wanted any more. */
    record Delete(SnapshotId id) implements SnapshotMessage {
        @Override
        public void dispatch(NodeId from, Handler handler) {
            handler.onDelete(this);
        }
    }
}
