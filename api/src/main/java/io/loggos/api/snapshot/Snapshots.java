package io.loggos.api.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The global snapshots of which a node holds its part. Safe for use by any thread.
 *
 * <p>Futures complete exceptionally with a {@link SnapshotException} that gives the reason, or with a {@link
 * io.loggos.api.NodeClosedException}. They complete on one of the threads {@code answer-N} of the node, so a dependent
 * stage may wait for another of them.
 */
public interface Snapshots {
    /** The complete snapshots, oldest first: in the order of {@link SnapshotInfo#number}. */
    List<SnapshotInfo> list();

    /** Opens a snapshot with the parts of all nodes, and verifies it again. The states of replicas are not copied. */
    CompletableFuture<GlobalSnapshot> open(SnapshotId id);

    /**
     * Copies a snapshot with all its states from all nodes into a directory.
     *
     * <p>The directory must be empty or not exist yet. The finished copy is complete, matches the recorded hashes, and
     * is all that a restore needs. Commits take precedence over the copying.
     */
    CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress);

    /** Reads this node's part from disk and compares it with the recorded hashes. */
    CompletableFuture<SnapshotInfo> verify(SnapshotId id, SnapshotProgress progress);

    /**
     * Deletes a snapshot on all nodes that can be reached.
     *
     * <p>A node that cannot be reached deletes its part later, once that is the oldest one.
     */
    CompletableFuture<Void> delete(SnapshotId id);
}
