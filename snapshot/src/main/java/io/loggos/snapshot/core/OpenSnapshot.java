package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** One snapshot at one node, from its cut to its end. */
final class OpenSnapshot {
    /** Progress of the snapshot. */
    enum Phase {
        /** It may still be aborted. */
        UNDECIDED,
        /** It has been delivered as complete; all parts are being made visible. */
        COMPLETE
    }

    final SnapshotId id;
    final View view;
    Phase phase = Phase.UNDECIDED;

    /** At the initiator: time at which it gives up. */
    final long deadlineNanos;
    /** At the initiator: number of snapshots that are kept. */
    final int retained;
    /** At the initiator: nodes that have their part on disk. */
    final TreeMap<NodeId, SnapshotMessage.Recorded> parts = new TreeMap<>();
    /**
     * Nodes whose part must become visible before the snapshot is over: all nodes at the initiator, elsewhere this node
     * only.
     */
    final TreeSet<NodeId> publishing;
    /** Reason why a node could not keep its part; empty if none failed. */
    String lost = "";
    /** True if this node has asked for its end. */
    boolean givenUp;

    OpenSnapshot(SnapshotId id, View view, NodeId self, long deadlineNanos, int retained) {
        this.id = id;
        this.view = view;
        publishing = new TreeSet<>(id.initiator().equals(self) ? view.members() : List.of(self));
        this.deadlineNanos = deadlineNanos;
        this.retained = retained;
    }

    boolean hasAllParts() {
        return parts.keySet().containsAll(view.members());
    }
}
