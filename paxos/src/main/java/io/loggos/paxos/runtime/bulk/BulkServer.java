package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers peers that fetch a checkpoint or a part of a snapshot.
 *
 * <p>While a checkpoint is fetched, its log takes no new one. So the fetched checkpoint is not removed, and the log
 * behind it is not truncated. That ends when the receiver has the checkpoint, or has fetched no new piece of it for
 * {@value #PATIENCE_SECONDS} seconds, in which either end may restart. No question reads the checkpoint: its files were
 * hashed when they were written, and a receiver that finds another hash has them read again.
 */
public final class BulkServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(BulkServer.class);
    /** Time without a new piece after which a fetch counts as given up. */
    static final int PATIENCE_SECONDS = 60;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);

    /** The owner of the checkpoints of one log or group. */
    @FunctionalInterface
    public interface Owner {
        /** Verifies a checkpoint that a peer doubts, later and on a thread of the owner's. Any thread. */
        void verify(CheckpointManifest doubted);

        /** Forbids new checkpoints until this time. A later call replaces the time. Any thread. */
        default void holdCheckpointsUntil(long nanos) {}
    }

    private record Source(CheckpointStore store, Owner owner) {}

    private record Receiver(LogId log, NodeId node) {}

    private final Clock clock;
    private final SnapshotStore snapshots;
    /** The number of cuts begun and ended by this node: odd while a cut is under way. */
    private final AtomicLong cuts = new AtomicLong();

    private final Map<LogId, Source> sources = new ConcurrentHashMap<>();
    private final Map<Receiver, Sending> sending = new ConcurrentHashMap<>();

    public BulkServer(Clock clock, SnapshotStore snapshots) {
        this.clock = clock;
        this.snapshots = snapshots;
    }

    /**
     * Stops giving away checkpoints, because this node has recorded its state for a global snapshot.
     *
     * <p>Until every other node of the snapshot has recorded its state, no state after the cut may reach a node outside
     * of the links.
     */
    public void cutBegins() {
        cuts.incrementAndGet();
    }

    /** Gives away checkpoints again, because all other nodes have recorded their states. */
    public void cutEnds() {
        cuts.incrementAndGet();
    }

    /** Serves the checkpoints of a log. Any thread. */
    public void serve(LogId log, CheckpointStore store, Owner owner) {
        sources.put(log, new Source(store, owner));
    }

    /** Returns the answer to a request, or null if there is none. Any thread; may read from the disk. */
    @Nullable
    public Bytes answer(Bytes bytes) {
        try {
            BulkProtocol.Request request = BulkProtocol.decode(bytes);
            if (request instanceof BulkProtocol.Ended ended) {
                end(ended);
                return Bytes.EMPTY;
            }
            if (!(request instanceof BulkProtocol.WhichCheckpoint || request instanceof BulkProtocol.Chunk)) {
                return snapshot(request);
            }
            long cutsBefore = cuts.get();
            if (cutsBefore % 2 != 0) {
                return null;
            }
            Bytes answer = checkpoint(request);
            return cuts.get() == cutsBefore ? answer : null;
        } catch (MalformedException | IllegalArgumentException | SnapshotException | StorageException | IOException e) {
            LOGGER.debug("a request for a checkpoint is not answered", e);
            return null;
        }
    }

    private @Nullable Bytes snapshot(BulkProtocol.Request request) throws IOException {
        if (request instanceof BulkProtocol.SnapshotState state) {
            return snapshots
                    .state(state.snapshot(), state.log())
                    .map(CheckpointManifestCodec::encode)
                    .orElse(null);
        }
        BulkProtocol.Piece piece = (BulkProtocol.Piece) request;
        if (piece.length() < 0 || piece.length() > BulkProtocol.CHUNK_BYTES) {
            return null;
        }
        return BulkProtocol.answer(piece, content(piece));
    }

    private Bytes content(BulkProtocol.Piece piece) throws IOException {
        if (piece instanceof BulkProtocol.SnapshotChunk chunk) {
            return snapshots.readState(chunk.snapshot(), chunk.log(), chunk.file(), chunk.offset(), chunk.length());
        }
        BulkProtocol.SnapshotRecord record = (BulkProtocol.SnapshotRecord) piece;
        return snapshots.readRecord(record.snapshot(), record.offset(), record.length());
    }

    private @Nullable Bytes checkpoint(BulkProtocol.Request request) throws IOException {
        if (request instanceof BulkProtocol.Chunk chunk) {
            Source source = sources.get(chunk.log());
            return source == null ? null : chunk(chunk, source);
        }
        BulkProtocol.WhichCheckpoint which = (BulkProtocol.WhichCheckpoint) request;
        Source source = sources.get(which.log());
        return source == null ? null : newest(which, source);
    }

    /** Offers the checkpoint of which the receiver has a part, if it is kept, and the newest otherwise. */
    private @Nullable Bytes newest(BulkProtocol.WhichCheckpoint request, Source source) {
        CheckpointManifest offered = null;
        for (CheckpointManifest kept : source.store.kept(request.log())) {
            boolean begun = kept.hash().equals(request.begun());
            if (kept.slot() >= request.leastSlot() && (offered == null || begun)) {
                offered = kept;
            }
        }
        if (offered == null) {
            return null;
        }
        Receiver receiver = new Receiver(request.log(), request.receiver());
        sending(receiver, offered);
        hold(request.log(), source);
        return CheckpointManifestCodec.encode(offered);
    }

    private Sending sending(Receiver receiver, CheckpointManifest checkpoint) {
        return Objects.requireNonNull(sending.compute(
                receiver,
                (key, before) -> before != null && before.isOf(checkpoint.hash())
                        ? before
                        : new Sending(checkpoint, clock.nanos())));
    }

    private @Nullable Bytes chunk(BulkProtocol.Chunk request, Source source) throws IOException {
        Receiver receiver = new Receiver(request.log(), request.receiver());
        Sending current = sending.get(receiver);
        if (current == null || !current.isOf(request.checkpointHash())) {
            // This process has not offered it, but one before it may have.
            current = source.store.kept(request.log()).stream()
                    .filter(kept -> kept.hash().equals(request.checkpointHash()))
                    .findFirst()
                    .map(kept -> sending(receiver, kept))
                    .orElse(null);
        }
        if (current == null || request.length() < 0 || request.length() > BulkProtocol.CHUNK_BYTES) {
            return null;
        }
        Bytes content = source.store.read(current.checkpoint(), request.file(), request.offset(), request.length());
        if (current.sent(request.file(), request.offset(), clock.nanos())) {
            hold(request.log(), source);
        }
        return BulkProtocol.answer(request, content);
    }

    private void end(BulkProtocol.Ended end) {
        Source source = sources.get(end.log());
        if (source == null) {
            return;
        }
        sending.computeIfPresent(
                new Receiver(end.log(), end.receiver()),
                (key, before) -> before.isOf(end.checkpointHash()) ? null : before);
        hold(end.log(), source);
        if (!end.sound()) {
            source.store.kept(end.log()).stream()
                    .filter(kept -> kept.hash().equals(end.checkpointHash()))
                    .forEach(source.owner::verify);
        }
    }

    /** Lets the owner keep its checkpoints for the receiver that progressed last. */
    private void hold(LogId log, Source source) {
        long now = clock.nanos();
        long longest = now;
        for (Map.Entry<Receiver, Sending> each : sending.entrySet()) {
            if (each.getKey().log.equals(log)) {
                longest = Math.max(longest, each.getValue().progressedNanos() + PATIENCE_NANOS);
            }
        }
        source.owner.holdCheckpointsUntil(longest);
    }
}
