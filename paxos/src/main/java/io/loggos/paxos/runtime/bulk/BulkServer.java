package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers peers that fetch a checkpoint or a part of a snapshot.
 *
 * <p>While a checkpoint is fetched, its log takes no new one, within bounds. So the fetched checkpoint is not removed,
 * and the log behind it is not truncated.
 */
public final class BulkServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(BulkServer.class);
    private static final long HOLD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_HOLD_NANOS = Duration.ofMinutes(10).toNanos();

    private record Sending(CheckpointManifest checkpoint, long sinceNanos) {}

    /**
     * The checkpoints of one log or group.
     *
     * @param holdUntilNanos receives the time until which the present checkpoint should stay
     */
    private record Source(CheckpointStore store, LongConsumer holdUntilNanos) {}

    private final Clock clock;
    private final SnapshotStore snapshots;
    /** The number of cuts begun and ended by this node: odd while a cut is under way. */
    private final AtomicLong cuts = new AtomicLong();

    private final Map<LogId, Source> sources = new ConcurrentHashMap<>();
    private final Map<LogId, Sending> sending = new ConcurrentHashMap<>();

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
    public void serve(LogId log, CheckpointStore store, LongConsumer holdUntilNanos) {
        sources.put(log, new Source(store, holdUntilNanos));
    }

    void forget(LogId log) {
        sources.remove(log);
        sending.remove(log);
    }

    /** Returns the answer to a request, or null if there is none. Any thread; may read from the disk. */
    @Nullable
    public Bytes answer(Bytes bytes) {
        try {
            BulkProtocol.Request request = BulkProtocol.decode(bytes);
            if (!(request instanceof BulkProtocol.WhichCheckpoint || request instanceof BulkProtocol.Chunk)) {
                return snapshot(request);
            }
            long cutsBefore = cuts.get();
            if (cutsBefore % 2 != 0) {
                return null;
            }
            Bytes answer = checkpoint(request);
            return cuts.get() == cutsBefore ? answer : null;
        } catch (MalformedException | IllegalArgumentException | SnapshotException | IOException e) {
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

    private @Nullable Bytes newest(BulkProtocol.WhichCheckpoint request, Source source) {
        CheckpointManifest newest = source.store.newest(request.log()).orElse(null);
        if (newest == null || newest.slot() < request.leastSlot()) {
            return null;
        }
        sending.compute(
                request.log(),
                (log, before) -> before != null && before.checkpoint.hash().equals(newest.hash())
                        ? before
                        : new Sending(newest, clock.nanos()));
        hold(request.log(), source);
        return CheckpointManifestCodec.encode(newest);
    }

    private @Nullable Bytes chunk(BulkProtocol.Chunk request, Source source) throws IOException {
        Sending current = sending.get(request.log());
        if (current == null
                || !current.checkpoint.hash().equals(request.checkpointHash())
                || request.length() < 0
                || request.length() > BulkProtocol.CHUNK_BYTES
                || current.checkpoint.files().stream()
                        .noneMatch(file -> file.name().equals(request.file()))) {
            return null;
        }
        hold(request.log(), source);
        return BulkProtocol.answer(
                request, source.store.read(current.checkpoint, request.file(), request.offset(), request.length()));
    }

    private void hold(LogId log, Source source) {
        Sending current = sending.get(log);
        long now = clock.nanos();
        if (current != null && now - current.sinceNanos < LONGEST_HOLD_NANOS) {
            source.holdUntilNanos.accept(now + HOLD_NANOS);
        }
    }
}
