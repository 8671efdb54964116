package io.loggos.storage.kv.watch;

import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.storage.kv.rows.RowsSnapshot.SnapshotEndedException;
import io.loggos.storage.kv.versions.ChangeHistory;
import io.loggos.storage.kv.versions.ChangeHistory.Page;
import io.loggos.storage.kv.versions.SnapshotCapture;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import io.loggos.storage.kv.watch.core.HistoryRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads history from snapshots of the state, on a thread of its own. The thread that applies commands only captures a
 * snapshot, which serves for a while. All calls come from the thread that serves watches.
 */
final class HistoryReads {
    /** Receives the outcomes of reads, on the reader's thread or on that of commands. */
    interface Receiver {
        /** Some history was read. */
        void page(HistoryRequest request, Page page, long compacted);

        /** The first revision is too large. */
        void tooLarge(HistoryRequest request, String message);

        /** The read must be made again: soon, or at once if the state was replaced. */
        void again(HistoryRequest request, boolean soon);

        /** Nothing more can be read. */
        void failed(LoggosException cause);
    }

    private final Replica replica;
    private final Supplier<VersionsSnapshot> capture;
    private final Executor reader;
    private final long pageBytes;
    private final long mostBytes;
    private final Receiver receiver;

    private volatile @Nullable VersionsSnapshot kept;
    private long keptSinceNanos;

    HistoryReads(
            Replica replica,
            Supplier<VersionsSnapshot> capture,
            Executor reader,
            long pageBytes,
            long mostBytes,
            Receiver receiver) {
        this.replica = replica;
        this.capture = capture;
        this.reader = reader;
        this.pageBytes = pageBytes;
        this.mostBytes = mostBytes;
        this.receiver = receiver;
    }

    /** Begins a read. There is one at a time. */
    void begin(HistoryRequest request, long nowNanos) {
        VersionsSnapshot last = kept;
        if (last != null && request.from() <= last.revision()) {
            reader.execute(() -> read(request, last));
            return;
        }
        release();
        keptSinceNanos = nowNanos;
        SnapshotCapture query = new SnapshotCapture(capture);
        CompletableFuture<?> unused = replica.read(Consistency.LOCAL, query).whenComplete((seen, failure) -> {
            if (seen != null) {
                kept = seen.value();
                reader.execute(() -> read(request, seen.value()));
            } else {
                query.abandon();
                failed(request, failure);
            }
        });
    }

    /** True if the snapshot was captured before this time. */
    boolean isOlderThan(long nanos) {
        return keptSinceNanos - nanos < 0;
    }

    /** Gives back the snapshot. Only between two reads. */
    void release() {
        VersionsSnapshot last = kept;
        kept = null;
        if (last != null) {
            last.close();
        }
    }

    private void read(HistoryRequest request, VersionsSnapshot snapshot) {
        try {
            Page page = request.from() < snapshot.compacted()
                    ? new Page(List.of(), request.from() - 1)
                    : snapshot.history().read(request.from(), request::wants, request.previous(), pageBytes, mostBytes);
            receiver.page(request, page, snapshot.compacted());
        } catch (SnapshotEndedException e) {
            kept = null;
            receiver.again(request, true);
        } catch (ChangeHistory.RevisionTooLargeException e) {
            receiver.tooLarge(request, String.valueOf(e.getMessage()));
        } catch (LoggosException e) {
            receiver.failed(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            receiver.failed(new ReplicaHaltedException("the history of " + replica.name() + " cannot be read", e));
        }
    }

    private void failed(HistoryRequest request, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NodeClosedException || cause instanceof ReplicaHaltedException) {
            receiver.failed((LoggosException) cause);
        } else {
            receiver.again(request, false);
        }
    }
}
