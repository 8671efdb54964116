package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Describes a complete snapshot; the same at all nodes that are in it.
 *
 * <p>Each part's record names the states of that node's replicas by their hashes, and these name the files. So the
 * manifest covers every byte of the snapshot.
 *
 * @param keeping its place among the others, and its owner
 * @param clusterId the cluster it was taken of
 * @param view of the nodes that are in it
 * @param takenAt the initiator's clock when it recorded its state
 * @param parts of all members of the view
 * @param hash the SHA-256 over all of the above
 */
public record SnapshotManifest(
        SnapshotId id,
        Keeping keeping,
        String clusterId,
        View view,
        Instant takenAt,
        SortedMap<NodeId, PartDigest> parts,
        Bytes hash) {
    /**
     * Decides which snapshots are kept.
     *
     * @param number higher than those of all snapshots that were complete at a node of the view when it was recorded
     * @param owner wants it kept
     */
    public record Keeping(long number, String owner) {}

    public SnapshotManifest {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /**
     * Returns the manifest of this content, with its hash.
     *
     * @throws io.loggos.internal.codec.MalformedException if it breaks a rule of {@link SnapshotManifestCodec}
     */
    public static SnapshotManifest of(
            SnapshotId id,
            Keeping keeping,
            String clusterId,
            View view,
            Instant takenAt,
            SortedMap<NodeId, PartDigest> parts) {
        SnapshotManifest unnamed = new SnapshotManifest(id, keeping, clusterId, view, takenAt, parts, Bytes.EMPTY);
        return SnapshotManifestCodec.decode(SnapshotManifestCodec.encode(new SnapshotManifest(
                id, keeping, clusterId, view, takenAt, parts, SnapshotManifestCodec.hashOf(unnamed))));
    }
}
