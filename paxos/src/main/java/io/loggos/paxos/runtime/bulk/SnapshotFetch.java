package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Transport;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import java.io.IOException;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the parts of a snapshot from its nodes, outside of the links, with one request at a time to each node.
 *
 * <p>This node may be a source like any other.
 */
public final class SnapshotFetch {
    private static final int ATTEMPTS = 4;
    private static final long LARGEST_RECORD_BYTES = 1L << 30;

    private final NodeId self;
    private final Transport transport;
    private final Executor worker;
    private final BulkServer own;

    public SnapshotFetch(NodeId self, Transport transport, Executor worker, BulkServer own) {
        this.self = self;
        this.transport = transport;
        this.worker = worker;
        this.own = own;
    }

    private void request(NodeId node, BulkProtocol.Request request, Consumer<@Nullable Bytes> next) {
        Bytes bytes = BulkProtocol.encode(request);
        if (node.equals(self)) {
            worker.execute(() -> next.accept(own.answer(bytes)));
        } else {
            transport.request(node, bytes, answer -> worker.execute(() -> next.accept(answer)));
        }
    }

    /** Fetches the records of all parts of a snapshot. Any thread. */
    CompletableFuture<SortedMap<NodeId, Bytes>> records(SnapshotManifest snapshot) {
        TreeMap<NodeId, CompletableFuture<Bytes>> fetched = new TreeMap<>();
        snapshot.parts().forEach((node, part) -> fetched.put(node, record(node, snapshot.id(), part.sizeBytes())));
        return CompletableFuture.allOf(fetched.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(unused -> {
                    TreeMap<NodeId, Bytes> records = new TreeMap<>();
                    fetched.forEach((node, record) -> records.put(node, record.join()));
                    return records;
                });
    }

    /**
     * Fetches the states of a node's replicas in a complete snapshot. Any thread.
     *
     * @param part the node's part of the cut
     * @param came receives the number of bytes that have arrived, on the worker
     */
    CompletableFuture<Void> states(SnapshotId snapshot, NodeCut part, CheckpointStore into, IntConsumer came) {
        StatesFetch fetch = new StatesFetch(snapshot, part, into, came);
        worker.execute(fetch::next);
        return fetch.result;
    }

    /** Fetches the record of a node's part. Any thread. */
    public CompletableFuture<Bytes> record(NodeId from, SnapshotId snapshot, long sizeBytes) {
        RecordFetch fetch = new RecordFetch(from, snapshot, sizeBytes);
        worker.execute(fetch::next);
        return fetch.result;
    }

    private final class RecordFetch {
        private final NodeId from;
        private final SnapshotId snapshot;
        private final long sizeBytes;
        private final ByteWriter received;
        private final CompletableFuture<Bytes> result = new CompletableFuture<>();
        private int failures;

        RecordFetch(NodeId from, SnapshotId snapshot, long sizeBytes) {
            this.from = from;
            this.snapshot = snapshot;
            this.sizeBytes = sizeBytes;
            this.received = new ByteWriter((int) Math.min(sizeBytes, BulkProtocol.CHUNK_BYTES));
        }

        void next() {
            long left = sizeBytes - received.size();
            if (sizeBytes > LARGEST_RECORD_BYTES) {
                fail("its part has a record of " + sizeBytes + " bytes");
            } else if (left == 0) {
                result.complete(received.toBytes());
            } else {
                int length = (int) Math.min(BulkProtocol.CHUNK_BYTES, left);
                BulkProtocol.SnapshotRecord piece = new BulkProtocol.SnapshotRecord(snapshot, received.size(), length);
                request(from, piece, answer -> take(piece, answer));
            }
        }

        private void take(BulkProtocol.SnapshotRecord piece, @Nullable Bytes answer) {
            try {
                if (answer == null) {
                    throw new MalformedException("no answer");
                }
                received.putRaw(BulkProtocol.content(piece, answer));
                failures = 0;
            } catch (MalformedException e) {
                if (++failures == ATTEMPTS) {
                    fail("it did not send its part: " + e.getMessage());
                    return;
                }
            }
            next();
        }

        private void fail(String reason) {
            result.completeExceptionally(new SnapshotException("node " + from.value() + ": " + reason));
        }
    }

    /** Fetches one state after the other. */
    private final class StatesFetch {
        private final SnapshotId snapshot;
        private final NodeId from;
        private final CheckpointStore into;
        private final IntConsumer came;
        private final Iterator<ReplicaCut> replicas;
        private final CompletableFuture<Void> result = new CompletableFuture<>();

        StatesFetch(SnapshotId snapshot, NodeCut part, CheckpointStore into, IntConsumer came) {
            this.snapshot = snapshot;
            this.from = part.node();
            this.into = into;
            this.came = came;
            this.replicas = part.replicas().iterator();
        }

        void next() {
            if (replicas.hasNext()) {
                ReplicaCut replica = replicas.next();
                LogId log = LogId.ofName(replica.log());
                request(from, new BulkProtocol.SnapshotState(snapshot, log), answer -> begin(replica, log, answer));
            } else {
                result.complete(null);
            }
        }

        private void begin(ReplicaCut replica, LogId log, @Nullable Bytes answer) {
            try {
                if (answer == null) {
                    throw new MalformedException("it does not send it");
                }
                CheckpointManifest state = CheckpointManifestCodec.decode(answer);
                if (!state.hash().equals(replica.stateHash()) || !state.log().equals(log)) {
                    throw new MalformedException("it is another one than was recorded");
                }
                new CheckpointReceiver(new Files(replica, log), state, into.receive(state)).next();
            } catch (MalformedException | IllegalArgumentException | IOException e) {
                fail(replica, String.valueOf(e.getMessage()));
            }
        }

        private void fail(ReplicaCut replica, String reason) {
            result.completeExceptionally(new SnapshotException(
                    "node " + from.value() + ": the state of log \"" + replica.log() + "\": " + reason));
        }

        private final class Files implements CheckpointReceiver.Source {
            private final ReplicaCut replica;
            private final LogId log;

            Files(ReplicaCut replica, LogId log) {
                this.replica = replica;
                this.log = log;
            }

            @Override
            public BulkProtocol.Piece piece(String file, long offset, int length) {
                return new BulkProtocol.SnapshotChunk(snapshot, log, file, offset, length);
            }

            @Override
            public void ask(BulkProtocol.Piece piece, Consumer<@Nullable Bytes> answer) {
                request(from, piece, answer);
            }

            @Override
            public void came(int bytes) {
                came.accept(bytes);
            }

            @Override
            public void complete() {
                next();
            }

            @Override
            public void failed(String reason) {
                fail(replica, reason);
            }
        }
    }
}
