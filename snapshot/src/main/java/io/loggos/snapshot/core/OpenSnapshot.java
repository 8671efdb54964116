package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** One snapshot at one node, from its cut to its end. */
final class OpenSnapshot {
    /** How far it has come. */
    enum Phase {
        /** It may still be aborted. */
        UNDECIDED,
        /** It has been delivered as complete; all parts are being made visible. */
        COMPLETE
    }

    final SnapshotId id;
    final View view;
    Phase phase = Phase.UNDECIDED;

    /** Of the initiator: when it gives up. */
    final long deadlineNanos;
    /** Of the initiator: how many snapshots are kept. */
    final int retained;
    /** Of the initiator: who has its part on disk. */
    final TreeMap<NodeId, SnapshotMessage.Recorded> parts = new TreeMap<>();
    /** Whose part is awaited to become visible, before it is over: the initiator awaits all, others only their own. */
    final TreeSet<NodeId> publishing;
    /** Whether this node has asked for its end. */
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
