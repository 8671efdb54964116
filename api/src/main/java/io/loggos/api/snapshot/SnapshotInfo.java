package io.loggos.api.snapshot;

import io.loggos.api.NodeId;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A complete snapshot that a node has its part of.
 *
 * @param takenAt the initiator's clock when it recorded its state
 * @param nodes that are in it
 * @param sizeBytes of this node's part
 */
public record SnapshotInfo(SnapshotId id, String clusterId, Instant takenAt, SortedSet<NodeId> nodes, long sizeBytes) {
    public SnapshotInfo {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }
}
