package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import io.loggos.api.spi.Transport;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Fetches what other nodes have of a snapshot, outside of the links, piece by piece. */
final class SnapshotFetch {
    private static final int ATTEMPTS = 4;
    private static final long LARGEST_RECORD_BYTES = 1L << 30;

    private final Transport transport;
    private final BackgroundWorker worker;

    SnapshotFetch(Transport transport, BackgroundWorker worker) {
        this.transport = transport;
        this.worker = worker;
    }

    /** The record of a node's part. Any thread. */
    CompletableFuture<Bytes> record(NodeId from, SnapshotId snapshot, long sizeBytes) {
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
                transport.request(
                        from, BulkProtocol.encode(piece), answer -> worker.execute(() -> take(piece, answer)));
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
}
