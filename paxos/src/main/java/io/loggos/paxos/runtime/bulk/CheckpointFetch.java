package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a checkpoint from a peer, chunk by chunk, with one request at a time.
 *
 * <p>It resumes an earlier attempt. Nothing in the replica changes before the whole checkpoint is here and its hashes
 * match. The steps run on the worker for checkpoints.
 */
public final class CheckpointFetch {
    /** Receives the result, on the worker's thread. */
    public interface Listener {
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
     * Creates a fetch into a store.
     *
     * @param wanted tells if a checkpoint of the source is useful
     */
    public CheckpointFetch(
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

    /** Begins. At most one fetch of a log is under way. */
    public void begin(NodeId source, long leastSlot) {
        Bytes request = BulkProtocol.encode(new BulkProtocol.WhichCheckpoint(log, leastSlot));
        request(source, request, answer -> onManifest(source, leastSlot, answer));
    }

    public void cancel() {
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
            new CheckpointReceiver(new Files(source, checkpoint), checkpoint, store.receive(checkpoint)).next();
        } catch (MalformedException | IllegalArgumentException | IOException e) {
            // The argument is illegal if the offered checkpoint is not newer than the one here.
            listener.missed(String.valueOf(e.getMessage()));
        }
    }

    /** The files of one checkpoint at its source. */
    private final class Files implements CheckpointReceiver.Source {
        private final NodeId source;
        private final CheckpointManifest checkpoint;

        Files(NodeId source, CheckpointManifest checkpoint) {
            this.source = source;
            this.checkpoint = checkpoint;
        }

        @Override
        public BulkProtocol.Piece piece(String file, long offset, int length) {
            return new BulkProtocol.Chunk(log, checkpoint.hash(), file, offset, length);
        }

        @Override
        public void ask(BulkProtocol.Piece piece, Consumer<@Nullable Bytes> answer) {
            request(source, BulkProtocol.encode(piece), answer);
        }

        @Override
        public void complete() {
            listener.installed(checkpoint.slot());
        }

        @Override
        public void failed(String reason) {
            listener.missed("node " + source.value() + ": " + reason);
        }
    }
}
