package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
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
    /** Of the initiator: whose part is visible, or who cannot be asked any more. Others may deliver the end before it does. */
    final TreeSet<NodeId> kept = new TreeSet<>();
    /** Whether this node has asked for its end. */
    boolean givenUp;

    OpenSnapshot(SnapshotId id, View view, long deadlineNanos, int retained) {
        this.id = id;
        this.view = view;
        this.deadlineNanos = deadlineNanos;
        this.retained = retained;
    }

    boolean isOver() {
        return phase == Phase.COMPLETE && kept.containsAll(view.members());
    }

    boolean hasAllParts() {
        return parts.keySet().containsAll(view.members());
    }
}
