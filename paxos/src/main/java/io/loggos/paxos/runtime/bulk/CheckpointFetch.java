package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches checkpoints of one log from peers, one at a time, chunk by chunk.
 *
 * <p>A fetch resumes the checkpoint of which a part is here, also after a restart of either end. It is given up for
 * another one only after {@value #PATIENCE} attempts in a row in which nothing of it came. Nothing in the replica
 * changes before the whole checkpoint is here and its hashes match. The steps run on the worker for checkpoints.
 */
public final class CheckpointFetch {
    /** The number of attempts without a byte after which a checkpoint is given up for another one. */
    static final int PATIENCE = 6;

    /** Receives the result, on the worker's thread. */
    public interface Listener {
        /** Reports that a checkpoint at this slot is here, durable and verified. */
        void installed(long slot);

        /**
         * Reports that none came.
         *
         * @param progressed true if a part of it came, which stays here
         */
        void missed(String reason, boolean progressed);
    }

    /**
     * The receiving node and the log.
     *
     * @param receiver this node
     * @param log the log, or the number that stands for a group
     */
    public record Subject(NodeId receiver, LogId log) {}

    private final Transport transport;
    private final Executor worker;
    private final CheckpointStore store;
    private final Predicate<CheckpointManifest> wanted;
    private final LogId log;
    private final NodeId receiver;
    private final Listener listener;
    /** The node from which the unfinished checkpoint came, as far as this process knows. */
    private @Nullable NodeId begunAt;

    private int fruitless;
    /** The receiver of the last checkpoint that was begun. */
    private @Nullable CheckpointReceiver receiving;

    private volatile boolean cancelled;

    /**
     * Creates a fetch into a store.
     *
     * @param worker runs the steps, one at a time
     * @param wanted tells if a checkpoint of the source is useful
     */
    public CheckpointFetch(
            Transport transport,
            Executor worker,
            CheckpointStore store,
            Subject subject,
            Predicate<CheckpointManifest> wanted,
            Listener listener) {
        this.transport = transport;
        this.worker = worker;
        this.store = store;
        this.wanted = wanted;
        this.log = subject.log;
        this.receiver = subject.receiver;
        this.listener = listener;
    }

    /** Begins, unless a useful checkpoint is here already. At most one fetch of a log is under way. */
    public void begin(NodeId source, long leastSlot) {
        worker.execute(() -> {
            if (!cancelled) {
                ask(source, leastSlot);
            }
        });
    }

    /** Gives up for good. The part that came stays. No file of it is open once the worker has come to it. Any thread. */
    public void cancel() {
        cancelled = true;
        worker.execute(this::end);
    }

    /** Closes what is open. As a step, or once no further step runs. */
    public void end() {
        if (receiving != null) {
            receiving.cancel();
        }
    }

    private void ask(NodeId source, long leastSlot) {
        Optional<CheckpointManifest> begun;
        try {
            List<CheckpointManifest> kept = store.kept(log);
            if (!kept.isEmpty() && kept.get(0).slot() >= leastSlot && wanted.test(kept.get(0))) {
                listener.installed(kept.get(0).slot());
                return;
            }
            begun = store.unfinished(log).filter(part -> part.slot() >= leastSlot && wanted.test(part));
        } catch (StorageException e) {
            listener.missed(String.valueOf(e.getMessage()), false);
            return;
        }
        boolean keeps = begun.isPresent() && fruitless < PATIENCE;
        NodeId from = keeps && begunAt != null ? begunAt : source;
        Bytes hash = begun.map(CheckpointManifest::hash).orElse(Bytes.EMPTY);
        BulkProtocol.WhichCheckpoint question =
                new BulkProtocol.WhichCheckpoint(log, receiver, leastSlot, keeps ? hash : Bytes.EMPTY);
        request(from, BulkProtocol.encode(question), answer -> onManifest(from, question, answer));
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

    private void onManifest(NodeId source, BulkProtocol.WhichCheckpoint question, @Nullable Bytes answer) {
        if (answer == null) {
            miss("node " + source.value() + " has none");
            return;
        }
        try {
            CheckpointManifest checkpoint = CheckpointManifestCodec.decode(answer);
            if (!checkpoint.log().equals(log) || checkpoint.slot() < question.leastSlot() || !wanted.test(checkpoint)) {
                miss("node " + source.value() + " offers another one");
                return;
            }
            if (!question.begun().isEmpty() && !question.begun().equals(checkpoint.hash())) {
                miss("node " + source.value() + " does not have the one of which a part is here");
                return;
            }
            CheckpointStore.Incoming incoming = store.receive(checkpoint);
            begunAt = source;
            CheckpointReceiver next = new CheckpointReceiver(new Files(source, checkpoint), checkpoint, incoming);
            receiving = next;
            next.next();
        } catch (MalformedException | IllegalArgumentException | StorageException | IOException e) {
            // The argument is illegal if the offered checkpoint is not newer than the one here.
            miss(String.valueOf(e.getMessage()));
        }
    }

    private void miss(String reason) {
        fruitless++;
        listener.missed(reason, false);
    }

    /** The files of one checkpoint at its source. */
    private final class Files implements CheckpointReceiver.Source {
        private final NodeId source;
        private final CheckpointManifest checkpoint;
        private boolean progressed;

        Files(NodeId source, CheckpointManifest checkpoint) {
            this.source = source;
            this.checkpoint = checkpoint;
        }

        @Override
        public BulkProtocol.Piece piece(String file, long offset, int length) {
            return new BulkProtocol.Chunk(log, receiver, checkpoint.hash(), file, offset, length);
        }

        @Override
        public void ask(BulkProtocol.Piece piece, Consumer<@Nullable Bytes> answer) {
            request(source, BulkProtocol.encode(piece), answer);
        }

        @Override
        public void came(int bytes) {
            progressed = true;
            fruitless = 0;
        }

        @Override
        public void complete() {
            tellEnd(true);
            listener.installed(checkpoint.slot());
        }

        @Override
        public void unsound() {
            tellEnd(false);
            miss("the checkpoint of node " + source.value() + " does not match its hashes");
        }

        /** Tells the source, so that it need not keep the checkpoint, or verifies it. */
        private void tellEnd(boolean sound) {
            begunAt = null;
            BulkProtocol.Ended end = new BulkProtocol.Ended(log, receiver, checkpoint.hash(), sound);
            transport.request(source, BulkProtocol.encode(end), unused -> {});
        }

        @Override
        public void failed(String reason) {
            if (progressed) {
                listener.missed("node " + source.value() + ": " + reason, true);
            } else {
                miss("node " + source.value() + ": " + reason);
            }
        }
    }
}
