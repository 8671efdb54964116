package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.hash.Sha256;
import io.loggos.snapshot.wire.CutReader;
import io.loggos.snapshot.wire.CutWriter;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Encodes and decodes the manifest of a snapshot, with the same bytes on disk and between nodes.
 *
 * <p>A decoded manifest has been checked, and its hash matches its content. It has a part of every member of the view
 * and of no other node.
 */
public final class SnapshotManifestCodec {
    private static final int FORMAT = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private SnapshotManifestCodec() {}

    public static Bytes encode(SnapshotManifest manifest) {
        Bytes content = content(manifest);
        return new ByteWriter(content.size() + 4 + Sha256.BYTES)
                .putRaw(content)
                .putBytes(manifest.hash())
                .toBytes();
    }

    /**
     * Decodes a manifest.
     *
     * @throws MalformedException if the bytes are none, or one that breaks a rule
     */
    public static SnapshotManifest decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        int format = in.getInt();
        require(format == FORMAT, "a manifest of format " + format);
        CutReader parts = new CutReader(in);
        SnapshotId id = parts.snapshotId();
        SnapshotManifest.Keeping keeping = new SnapshotManifest.Keeping(in.getCount(), parts.name());
        String clusterId = parts.name();
        View view = parts.view();
        Instant takenAt = instant(in);
        SortedMap<NodeId, PartDigest> digests =
                parts.map(4 + 4 + Sha256.BYTES + 8, NodeOptions.MAX_NODES, in::getNode, () -> digest(in));
        SnapshotManifest manifest = new SnapshotManifest(id, keeping, clusterId, view, takenAt, digests, in.getBytes());
        in.end();
        require(digests.keySet().equals(new TreeSet<>(view.members())), "the parts are not those of the members");
        require(hashOf(manifest).equals(manifest.hash()), "the manifest's hash is not that of its content");
        return manifest;
    }

    static Bytes hashOf(SnapshotManifest manifest) {
        return Bytes.wrap(Sha256.of(content(manifest).asByteBuffer()));
    }

    private static Bytes content(SnapshotManifest manifest) {
        ByteWriter out = new ByteWriter(256).putInt(FORMAT);
        CutWriter parts = new CutWriter(out);
        parts.put(manifest.id());
        out.putLong(manifest.keeping().number())
                .putText(manifest.keeping().owner())
                .putText(manifest.clusterId());
        parts.put(manifest.view());
        Instant takenAt = manifest.takenAt();
        out.putLong(takenAt.getEpochSecond())
                .putInt(takenAt.getNano())
                .putInt(manifest.parts().size());
        manifest.parts()
                .forEach((node, digest) ->
                        out.putInt(node.value()).putBytes(digest.sha256()).putLong(digest.sizeBytes()));
        return out.toBytes();
    }

    private static Instant instant(ByteReader in) {
        long seconds = in.getLong();
        int nanos = in.getInt();
        require(
                seconds >= Instant.MIN.getEpochSecond()
                        && seconds <= Instant.MAX.getEpochSecond()
                        && nanos >= 0
                        && nanos < NANOS_PER_SECOND,
                "not a time: " + seconds + " s and " + nanos + " ns");
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private static PartDigest digest(ByteReader in) {
        Bytes sha256 = in.getBytes();
        require(sha256.size() == Sha256.BYTES, "a hash of " + sha256.size() + " bytes");
        return new PartDigest(sha256, in.getCount());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MalformedException(otherwise);
        }
    }
}
