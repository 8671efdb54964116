package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.loop.EventLoop;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.core.SnapshotProcess;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.SnapshotManifestCodec;
import io.loggos.snapshot.store.SnapshotStore;
import java.io.IOException;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's parts of snapshots: recorded in memory, then written to disk, then visible.
 *
 * <p>Used by the loop. The disk is used by the background worker, which reports to the {@link SnapshotProcess}.
 */
final class LocalParts {
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalParts.class);

    private final SnapshotHost.Parts parts;
    private final EventLoop loop;
    private final SnapshotNode node;
    private final SnapshotStore store;
    private final SnapshotProcess process;
    /** The parts of snapshots that are not complete here. */
    private final TreeMap<SnapshotId, LocalPart> open = new TreeMap<>();

    LocalParts(SnapshotHost.Parts parts, SnapshotProcess process) {
        this.parts = parts;
        this.loop = parts.loop();
        this.node = parts.node();
        this.store = parts.store();
        this.process = process;
    }

    /** Returns the part of a snapshot that is not complete here. Null if there is none. */
    @Nullable
    LocalPart get(SnapshotId id) {
        return open.get(id);
    }

    /**
     * Records the state of this node for a snapshot.
     *
     * @throws io.loggos.api.snapshot.SnapshotException if there is something that cannot be recorded now
     */
    void record(SnapshotId id) {
        Instant takenAt = Instant.ofEpochMilli(parts.clock().wallMillis());
        open.put(id, new LocalPart(id, parts.self(), parts.incarnation(), takenAt, node.record()));
    }

    /** Writes a part with its channels, once the state is recorded. */
    void write(SnapshotId id, Recording<NodeId, Bytes> recording) {
        LocalPart part = open.get(id);
        if (part != null) {
            part.writes();
            CompletableFuture<?> unused = part.recorded()
                    .whenComplete((recorded, failure) ->
                            node.execute(() -> writeNow(id, part, recorded, failure, recording)));
        }
    }

    private void writeNow(
            SnapshotId id,
            LocalPart part,
            @Nullable RecordedNode recorded,
            @Nullable Throwable failure,
            Recording<NodeId, Bytes> recording) {
        String problem;
        if (part.isDiscarded()) {
            if (recorded != null) {
                LocalPart.discardFrom(recorded, 0);
            }
            return;
        }
        if (recorded == null) {
            problem = "the state could not be recorded: " + failure;
        } else {
            try {
                PartDigest digest = part.write(store, recorded, recording);
                if (part.isDiscarded()) {
                    store.discard(id);
                } else {
                    long newest = store.newestNumber();
                    loop.submit(at -> process.onWritten(id, digest.sha256(), digest.sizeBytes(), newest));
                }
                return;
            } catch (IOException | RuntimeException e) {
                problem = "the part could not be written: " + e;
                store.discard(id);
            }
        }
        String reason = problem;
        loop.submit(at -> process.onFailed(id, reason));
    }

    /** Makes the part of a complete snapshot visible. */
    void publish(SnapshotId id, Bytes manifest, int retained) {
        node.execute(() -> {
            try {
                store.publish(SnapshotManifestCodec.decode(manifest), retained);
            } catch (IOException | RuntimeException e) {
                LOGGER.error("{}: the part of snapshot {} is lost", parts.self(), id, e);
                loop.submit(at -> process.onNotPublished(id, "it could not keep its part: " + e));
                return;
            }
            loop.submit(at -> process.onPublished(id));
        });
    }

    /** Forgets a part that is visible. */
    void forget(SnapshotId id) {
        open.remove(id);
    }

    /** Discards the part of an aborted snapshot, in memory and on disk. */
    void discard(SnapshotId id) {
        LocalPart part = open.remove(id);
        if (part != null) {
            // Whoever begins to write it later sees that; what is written already is removed.
            boolean begins = part.discard();
            node.execute(() -> store.discard(id));
            if (!begins) {
                CompletableFuture<?> unused =
                        part.recorded().thenAccept(recorded -> node.execute(() -> LocalPart.discardFrom(recorded, 0)));
            }
        }
    }

    /** Deletes the part of a complete snapshot. */
    void delete(SnapshotId id) {
        node.execute(() -> {
            try {
                store.delete(id);
            } catch (IOException e) {
                LOGGER.warn("{}: snapshot {} cannot be deleted", parts.self(), id, e);
            }
        });
    }
}
