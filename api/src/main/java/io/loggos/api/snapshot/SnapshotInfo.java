package io.loggos.api.snapshot;

import io.loggos.api.NodeId;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A complete snapshot of which a node holds its part.
 *
 * @param id the name of the snapshot
 * @param number the place of the snapshot in their order: higher than that of every snapshot that was complete when it
 *     began
 * @param owner the one who wants it kept
 * @param clusterId the cluster of which it was taken
 * @param takenAt the initiator's clock when it recorded its state
 * @param nodes the nodes that take part in it
 * @param sizeBytes the size of this node's part
 */
public record SnapshotInfo(
        SnapshotId id,
        long number,
        String owner,
        String clusterId,
        Instant takenAt,
        SortedSet<NodeId> nodes,
        long sizeBytes) {
    public SnapshotInfo {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }
}
