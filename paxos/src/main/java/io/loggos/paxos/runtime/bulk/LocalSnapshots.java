package io.loggos.paxos.runtime.bulk;

import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.Snapshots;
import io.loggos.snapshot.store.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The complete snapshots, as the application sees them. Any thread. */
public final class LocalSnapshots implements Snapshots {
    private final SnapshotStore store;
    private final SnapshotTasks tasks;
    private final Consumer<SnapshotId> deletions;

    /**
     * Creates the view of a store's snapshots.
     *
     * @param deletions tells the other nodes of a deletion
     */
    public LocalSnapshots(SnapshotStore store, SnapshotTasks tasks, Consumer<SnapshotId> deletions) {
        this.store = store;
        this.tasks = tasks;
        this.deletions = deletions;
    }

    @Override
    public List<SnapshotInfo> list() {
        return store.list();
    }

    @Override
    public CompletableFuture<GlobalSnapshot> open(SnapshotId id) {
        return tasks.open(id);
    }

    @Override
    public CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress) {
        return tasks.export(id, directory, progress);
    }

    @Override
    public CompletableFuture<SnapshotInfo> verify(SnapshotId id, SnapshotProgress progress) {
        return tasks.verify(id, progress);
    }

    /** Deletes the snapshot here at once; the other nodes are told. */
    @Override
    public CompletableFuture<Void> delete(SnapshotId id) {
        return tasks.with(id, () -> {
            try {
                store.delete(id);
                deletions.accept(id);
                return CompletableFuture.completedFuture(null);
            } catch (IOException e) {
                return CompletableFuture.failedFuture(
                        new SnapshotException("snapshot " + id + " cannot be deleted: " + e, e));
            }
        });
    }
}
