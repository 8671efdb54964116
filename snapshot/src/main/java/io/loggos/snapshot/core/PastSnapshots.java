package io.loggos.snapshot.core;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import java.util.TreeMap;

/**
 * Snapshots that have begun at a node, or were aborted before they could begin there.
 *
 * <p>They tell a late marker from a first one. The snapshots of one initiator begin everywhere in the order of their
 * numbers, or, after an interruption of the links, not at all. There is none of an earlier life, since its view has
 * ended. So the latest one of each initiator is enough.
 */
final class PastSnapshots {
    private final TreeMap<NodeId, SnapshotId> latest = new TreeMap<>();

    void add(SnapshotId id) {
        if (!contains(id)) {
            latest.put(id.initiator(), id);
        }
    }

    /** True if a snapshot has begun here at some time, or never will. */
    boolean contains(SnapshotId id) {
        SnapshotId last = latest.get(id.initiator());
        return last != null && last.life() == id.life() && id.number() <= last.number();
    }
}
