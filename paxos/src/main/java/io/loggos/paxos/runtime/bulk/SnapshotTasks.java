package io.loggos.paxos.runtime.bulk;

import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.internal.user.UserCode;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.snapshot.store.SnapshotStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Long tasks on complete snapshots, run by a worker. Any thread. */
public final class SnapshotTasks {
    private final NodeId self;
    private final SnapshotStore store;
    private final SnapshotFetch fetch;
    private final Executor worker;
    private final UserCode userCode;
    /** The futures that callers wait for. */
    private final List<CompletableFuture<?>> open = new ArrayList<>();

    private boolean closed;

    public SnapshotTasks(NodeId self, SnapshotStore store, SnapshotFetch fetch, Executor worker, UserCode userCode) {
        this.self = self;
        this.store = store;
        this.fetch = fetch;
        this.worker = worker;
        this.userCode = userCode;
    }

    /** Assembles a snapshot from the parts of its nodes. */
    CompletableFuture<GlobalSnapshot> open(SnapshotId id) {
        return begin(() -> {
            SnapshotManifest manifest = manifest(id);
            return fetch.records(manifest).thenApply(records -> SnapshotDirectory.assemble(manifest, records));
        });
    }

    /** Copies a snapshot with all its states into a new directory. */
    public CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress) {
        return begin(() -> new SnapshotExport(manifest(id), directory, fetch, reports(progress)).begin());
    }

    /** Verifies this node's part of a snapshot. */
    CompletableFuture<SnapshotInfo> verify(SnapshotId id, SnapshotProgress progress) {
        return begin(() -> CompletableFuture.completedFuture(store.verify(id, reports(progress))));
    }

    /** Runs a task on a snapshot that this node has. */
    <T> CompletableFuture<T> with(SnapshotId id, Supplier<CompletableFuture<T>> task) {
        return begin(() -> {
            manifest(id);
            return task.get();
        });
    }

    private SnapshotManifest manifest(SnapshotId id) {
        return store.manifest(id)
                .orElseThrow(() -> new SnapshotException("node " + self.value() + " has no snapshot " + id));
    }

    /** Begins a task on the worker. */
    private <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (!await(result)) {
            return CompletableFuture.failedFuture(closedException());
        }
        worker.execute(() -> {
            try {
                CompletableFuture<?> unused = task.get().whenComplete((value, failure) -> tell(result, value, failure));
            } catch (RuntimeException | Error e) {
                tell(result, null, e);
            }
        });
        return result;
    }

    private synchronized boolean await(CompletableFuture<?> result) {
        open.removeIf(CompletableFuture::isDone);
        return !closed && open.add(result);
    }

    private SnapshotProgress reports(SnapshotProgress progress) {
        return progress == SnapshotProgress.NONE ? progress : new ProgressReports(progress, userCode);
    }

    /** Completes a caller's future. Removes the wrapping that dependent futures add to an exception. */
    private <T> void tell(CompletableFuture<T> result, @Nullable T value, @Nullable Throwable failure) {
        userCode.answer(() -> {
            if (failure == null) {
                result.complete(value);
            } else {
                Throwable cause = failure.getCause();
                result.completeExceptionally(failure instanceof CompletionException && cause != null ? cause : failure);
            }
        });
    }

    /** Fails all open calls, because the worker has stopped. */
    public synchronized void close() {
        closed = true;
        open.forEach(each -> userCode.answer(() -> each.completeExceptionally(closedException())));
    }

    private NodeClosedException closedException() {
        return new NodeClosedException("node " + self.value() + " is closed");
    }
}
