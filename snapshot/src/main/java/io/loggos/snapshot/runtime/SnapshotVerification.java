package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.EventLoop;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.core.SnapshotProcess;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.snapshot.store.SnapshotManifestCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Fetches the records of all parts of a snapshot, and verifies that they are one consistent cut. */
final class SnapshotVerification {
    private final SnapshotHost.Parts parts;
    private final EventLoop loop;
    private final SnapshotNode node;
    private final SnapshotProcess process;
    private final BiConsumer<GlobalSnapshot, Bytes> verified;

    private final SnapshotId id;
    private final String owner;
    private final View view;
    private final Instant takenAt;
    private final TreeMap<NodeId, SnapshotMessage.Recorded> recorded;
    private final TreeMap<NodeId, PartDigest> digests = new TreeMap<>();
    private final TreeMap<NodeId, CompletableFuture<Bytes>> records = new TreeMap<>();

    /**
     * Creates the verification of a snapshot.
     *
     * @param process is told of a failure, by the loop
     * @param verified receives a consistent cut with its manifest, by the loop
     * @param owner wants the snapshot kept
     * @param takenAt the wall clock of this node at its cut
     * @param recorded the part of each member, as it described it
     */
    SnapshotVerification(
            SnapshotHost.Parts parts,
            SnapshotProcess process,
            BiConsumer<GlobalSnapshot, Bytes> verified,
            SnapshotId id,
            String owner,
            View view,
            Instant takenAt,
            SortedMap<NodeId, SnapshotMessage.Recorded> recorded) {
        this.parts = parts;
        this.loop = parts.loop();
        this.node = parts.node();
        this.process = process;
        this.verified = verified;
        this.id = id;
        this.owner = owner;
        this.view = view;
        this.takenAt = takenAt;
        this.recorded = new TreeMap<>(recorded);
    }

    /** Returns a number above all that any of the nodes knows. */
    private long number() {
        return 1
                + recorded.values().stream()
                        .mapToLong(SnapshotMessage.Recorded::newest)
                        .max()
                        .orElse(0);
    }

    /** Begins to fetch. The verification ends on the background worker. */
    void begin() {
        recorded.forEach((from, part) -> {
            digests.put(from, new PartDigest(part.sha256(), part.sizeBytes()));
            records.put(from, from.equals(parts.self()) ? own() : node.fetchPart(from, id, part.sizeBytes()));
        });
        CompletableFuture<?> unused = CompletableFuture.allOf(records.values().toArray(CompletableFuture<?>[]::new))
                .whenComplete((all, failure) -> node.execute(() -> end(failure)));
    }

    /** Reads the record of this node's part, on the background worker. */
    private CompletableFuture<Bytes> own() {
        CompletableFuture<Bytes> record = new CompletableFuture<>();
        node.execute(() -> {
            try {
                record.complete(parts.store().partRecord(id));
            } catch (IOException | RuntimeException e) {
                record.completeExceptionally(e);
            }
        });
        return record;
    }

    private void end(@Nullable Throwable failure) {
        if (failure != null) {
            loop.submit(at -> process.onFailed(id, "a part could not be fetched: " + failure));
            return;
        }
        try {
            SnapshotManifest manifest = SnapshotManifest.of(
                    id, new SnapshotManifest.Keeping(number(), owner), parts.clusterId(), view, takenAt, digests);
            TreeMap<NodeId, Bytes> fetched = new TreeMap<>();
            records.forEach((from, record) -> fetched.put(from, record.join()));
            GlobalSnapshot snapshot = SnapshotDirectory.assemble(manifest, fetched);
            Bytes encoded = SnapshotManifestCodec.encode(manifest);
            loop.submit(at -> verified.accept(snapshot, encoded));
        } catch (SnapshotException | MalformedException e) {
            loop.submit(at -> process.onFailed(id, String.valueOf(e.getMessage())));
        }
    }
}
