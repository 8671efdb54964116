package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MalformedException;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers peers that fetch a checkpoint. While one is being fetched the log takes no new checkpoint, within
 * bounds, so that the one on its way is not removed and the log behind it is not truncated.
 */
final class BulkServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(BulkServer.class);
    private static final long HOLD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_HOLD_NANOS = Duration.ofMinutes(10).toNanos();

    private record Sending(CheckpointManifest checkpoint, long sinceNanos) {}

    private final CheckpointStore store;
    private final Clock clock;
    private final Map<LogId, StateMachineHost> hosts = new ConcurrentHashMap<>();
    private final Map<LogId, Sending> sending = new ConcurrentHashMap<>();

    BulkServer(CheckpointStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    void serve(LogId log, StateMachineHost host) {
        hosts.put(log, host);
    }

    void forget(LogId log) {
        hosts.remove(log);
        sending.remove(log);
    }

    /** The answer to a request, or null if there is none. Any thread; may read from the disk. */
    @Nullable
    Bytes answer(Bytes bytes) {
        try {
            BulkProtocol.Request request = BulkProtocol.decode(bytes);
            StateMachineHost host = hosts.get(request.log());
            if (host == null) {
                return null;
            }
            return request instanceof BulkProtocol.Chunk chunk
                    ? chunk(chunk, host)
                    : newest((BulkProtocol.WhichCheckpoint) request, host);
        } catch (MalformedException | IOException e) {
            LOGGER.debug("a request for a checkpoint is not answered", e);
            return null;
        }
    }

    private @Nullable Bytes newest(BulkProtocol.WhichCheckpoint request, StateMachineHost host) {
        CheckpointManifest newest = store.newest(request.log()).orElse(null);
        if (newest == null || newest.slot() < request.leastSlot()) {
            return null;
        }
        sending.compute(
                request.log(),
                (log, before) -> before != null && before.checkpoint.hash().equals(newest.hash())
                        ? before
                        : new Sending(newest, clock.nanos()));
        hold(request.log(), host);
        return CheckpointManifestCodec.encode(newest);
    }

    private @Nullable Bytes chunk(BulkProtocol.Chunk request, StateMachineHost host) throws IOException {
        Sending current = sending.get(request.log());
        if (current == null
                || !current.checkpoint.hash().equals(request.checkpointHash())
                || request.length() < 0
                || request.length() > BulkProtocol.CHUNK_BYTES
                || current.checkpoint.files().stream()
                        .noneMatch(file -> file.name().equals(request.file()))) {
            return null;
        }
        hold(request.log(), host);
        return BulkProtocol.answer(
                request, store.read(current.checkpoint, request.file(), request.offset(), request.length()));
    }

    private void hold(LogId log, StateMachineHost host) {
        Sending current = sending.get(log);
        long now = clock.nanos();
        if (current != null && now - current.sinceNanos < LONGEST_HOLD_NANOS) {
            host.holdCheckpointsUntil(now + HOLD_NANOS);
        }
    }
}
