package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.MalformedException;
import io.loggos.api.spi.Transport;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a checkpoint from a peer, chunk by chunk, one request at a time, and goes on where an earlier attempt
 * stopped. Nothing of the replica changes before all of it is here and its hashes hold. Its steps run on the
 * worker for checkpoints.
 */
final class CheckpointFetch {
    private static final int ATTEMPTS = 5;

    /** Told of the end, on the worker's thread. */
    interface Listener {
        void installed(long slot);

        void missed(String reason);
    }

    private final Transport transport;
    private final BackgroundWorker worker;
    private final CheckpointStore store;
    private final Predicate<CheckpointManifest> wanted;
    private final LogId log;
    private final Listener listener;
    private volatile boolean cancelled;

    /**
     * A fetch into a store.
     *
     * @param wanted whether a checkpoint of the source is of use
     */
    CheckpointFetch(
            Transport transport,
            BackgroundWorker worker,
            CheckpointStore store,
            LogId log,
            Predicate<CheckpointManifest> wanted,
            Listener listener) {
        this.transport = transport;
        this.worker = worker;
        this.store = store;
        this.wanted = wanted;
        this.log = log;
        this.listener = listener;
    }

    /** Begins; at most one fetch is under way. */
    void begin(NodeId source, long leastSlot) {
        Bytes request = BulkProtocol.encode(new BulkProtocol.WhichCheckpoint(log, leastSlot));
        request(source, request, answer -> onManifest(source, leastSlot, answer));
    }

    void cancel() {
        cancelled = true;
    }

    private void request(NodeId source, Bytes request, Consumer<@Nullable Bytes> next) {
        transport.request(
                source,
                request,
                answer -> worker.execute(() -> {
                    if (!cancelled) {
                        next.accept(answer);
                    }
                }));
    }

    private void onManifest(NodeId source, long leastSlot, @Nullable Bytes answer) {
        if (answer == null) {
            listener.missed("node " + source.value() + " has none");
            return;
        }
        try {
            CheckpointManifest checkpoint = CheckpointManifestCodec.decode(answer);
            if (!checkpoint.log().equals(log) || checkpoint.slot() < leastSlot || !wanted.test(checkpoint)) {
                listener.missed("node " + source.value() + " offers another one");
                return;
            }
            new Receiving(source, checkpoint, store.receive(checkpoint)).next();
        } catch (MalformedException | IllegalArgumentException | IOException e) {
            // Illegal is what is not newer than what is here.
            listener.missed(String.valueOf(e.getMessage()));
        }
    }

    private final class Receiving {
        private final NodeId source;
        private final CheckpointManifest checkpoint;
        private final CheckpointStore.Incoming incoming;
        private int file;
        private int failures;

        Receiving(NodeId source, CheckpointManifest checkpoint, CheckpointStore.Incoming incoming) {
            this.source = source;
            this.checkpoint = checkpoint;
            this.incoming = incoming;
        }

        void next() {
            try {
                while (file < checkpoint.files().size()) {
                    CheckpointManifest.CheckpointFile current =
                            checkpoint.files().get(file);
                    long received = incoming.received(current.name());
                    if (received < current.sizeBytes()) {
                        int length = (int) Math.min(BulkProtocol.CHUNK_BYTES, current.sizeBytes() - received);
                        ask(new BulkProtocol.Chunk(log, checkpoint.hash(), current.name(), received, length));
                        return;
                    }
                    file++;
                }
                boolean sound = incoming.complete();
                incoming.close();
                if (sound) {
                    listener.installed(checkpoint.slot());
                } else {
                    listener.missed("its hash differs");
                }
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
            }
        }

        private void ask(BulkProtocol.Chunk chunk) {
            request(source, BulkProtocol.encode(chunk), answer -> {
                try {
                    if (answer == null) {
                        throw new MalformedException("no answer");
                    }
                    incoming.append(chunk.file(), chunk.offset(), BulkProtocol.content(chunk, answer));
                    failures = 0;
                } catch (MalformedException | IOException e) {
                    if (++failures == ATTEMPTS) {
                        fail("node " + source.value() + " stopped sending: " + e.getMessage());
                        return;
                    }
                }
                next();
            });
        }

        private void fail(String reason) {
            try {
                incoming.close();
            } catch (IOException e) {
                listener.missed(reason + "; " + e.getMessage());
                return;
            }
            listener.missed(reason);
        }
    }
}
