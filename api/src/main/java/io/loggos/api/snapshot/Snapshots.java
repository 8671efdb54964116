package io.loggos.api.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The global snapshots that a node has its part of. Safe for use by any thread. Futures complete exceptionally with a
 * {@link SnapshotException} that says why.
 */
public interface Snapshots {
    /** The complete ones, oldest first. */
    List<SnapshotInfo> list();

    /** A snapshot with the parts of all nodes, verified again; the states of replicas stay where they are. */
    CompletableFuture<GlobalSnapshot> open(SnapshotId id);

    /**
     * Copies a snapshot with all its states, from all nodes, into a directory that is empty or not there. What is there in
     * the end is whole, has the hashes that were recorded, and is all that a restore needs. While it is under way commits
     * go first.
     */
    CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress);

    /** Reads this node's part from the disk and compares everything with the hashes that were recorded. */
    CompletableFuture<SnapshotInfo> verify(SnapshotId id, SnapshotProgress progress);

    /** Deletes a snapshot on all nodes that can be reached; one that cannot deletes it when its turn comes to be the oldest. */
    CompletableFuture<Void> delete(SnapshotId id);
}
