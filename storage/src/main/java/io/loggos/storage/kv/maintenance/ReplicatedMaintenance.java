package io.loggos.storage.kv.maintenance;

import io.loggos.api.NodeClosedException;
import io.loggos.api.OverloadedException;
import io.loggos.api.UnavailableException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.kv.maintenance.Maintenance;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoreHash;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.storage.kv.rows.RowsSnapshot.SnapshotEndedException;
import io.loggos.storage.kv.versions.SnapshotCapture;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upkeep of a replicated store. What takes long runs on threads of its own. Safe for use by any thread.
 */
public final class ReplicatedMaintenance implements Maintenance, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedMaintenance.class);
    /** Number of tasks that may run or wait. */
    private static final int MOST_TASKS = 64;

    private static final long QUOTA_LOOK_MILLIS = 1_000;

    private final Replica replica;
    private final MaintainedState state;
    private final long member;
    private final Quota quota;
    private final UpkeepThreads threads;
    private final Semaphore tasks = new Semaphore(MOST_TASKS);
    /** Allows one comparison at a time, also when a log with many of them is applied again. */
    private final Semaphore comparison = new Semaphore(1);

    private long lastRevision;

    /**
     * Creates the upkeep of a store.
     *
     * @param options its member is a number other than 0
     */
    public ReplicatedMaintenance(Replica replica, MaintainedState state, KeyValueOptions options) {
        this.replica = replica;
        this.state = state;
        this.member = options.member();
        this.quota = new Quota(options.quotaBytes(), state.sizeBytes(), System::nanoTime);
        this.threads = new UpkeepThreads(replica.name());
        state.runner().onComparison(this::hashForComparison);
        options.compareEvery().ifPresent(every -> every(every.toMillis(), this::compareIfLeader));
        if (quota.isSet()) {
            lastRevision = state.revision().getAsLong();
            every(QUOTA_LOOK_MILLIS, this::lookAtQuota);
        }
    }

    private void every(long millis, Runnable task) {
        ScheduledFuture<?> unused = threads.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.debug("log \"{}\": the upkeep is tried again later", replica.name(), e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public List<Alarm> alarms() {
        return state.runner().alarms();
    }

    @Override
    public CompletableFuture<List<Alarm>> currentAlarms() {
        return replica.read(Consistency.LINEARIZABLE, () -> state.runner().alarms())
                .thenApply(read -> read.value());
    }

    @Override
    public CompletableFuture<Boolean> raise(Alarm alarm) {
        return propose(new MaintenanceCommand.Raise(alarm));
    }

    @Override
    public CompletableFuture<Boolean> disarm(Alarm alarm) {
        return propose(new MaintenanceCommand.Disarm(alarm));
    }

    @Override
    public CompletableFuture<Void> compareCopies() {
        return propose(new MaintenanceCommand.Compare()).thenApply(begun -> null);
    }

    private CompletableFuture<Boolean> propose(MaintenanceCommand command) {
        return replica.propose(MaintenanceCodec.encode(command))
                .thenApply(answer -> MaintenanceCodec.decodeAnswer(answer.value()));
    }

    /** Returns null if the copy of this node has room for an operation. Otherwise raises an alarm, and refuses. */
    public <T> @Nullable CompletableFuture<T> refusal(Operation operation) {
        return !quota.isSet() || quota.hasRoom(Quota.cost(operation)) ? null : refuse();
    }

    /** Returns null if the copy of this node has room for a lease. Otherwise raises an alarm, and refuses. */
    public <T> @Nullable CompletableFuture<T> refusalOfLease() {
        return quota.hasRoom(Quota.LEASE_COST) ? null : refuse();
    }

    private <T> CompletableFuture<T> refuse() {
        CompletableFuture<T> refused = new CompletableFuture<>();
        CompletableFuture<?> unused = raiseNoSpace()
                .whenComplete((raised, failure) -> refused.completeExceptionally(new KeyValueException(
                        Reason.NO_SPACE, "the store of member " + Long.toHexString(member) + " exceeds its quota")));
        return refused;
    }

    private CompletableFuture<Boolean> raiseNoSpace() {
        Alarm alarm = new Alarm(member, Alarm.Kind.NO_SPACE);
        return alarms().contains(alarm) ? CompletableFuture.completedFuture(false) : raise(alarm);
    }

    /** Raises an alarm if the store has grown beyond its quota by commands of other nodes. */
    private void lookAtQuota() {
        long revision = state.revision().getAsLong();
        if (revision != lastRevision) {
            lastRevision = revision;
            if (!quota.hasRoom(1)) {
                CompletableFuture<?> unused = raiseNoSpace();
            }
        }
    }

    private void compareIfLeader() {
        if (replica.status().role() == Role.LEADER) {
            CompletableFuture<?> unused = compareCopies();
        }
    }

    /** Computes the hash of this copy for a comparison, and reports it. On the thread that applies commands. */
    private void hashForComparison(long slot, VersionsSnapshot snapshot) {
        if (!comparison.tryAcquire()) {
            snapshot.close();
            return;
        }
        CompletableFuture<?> unused = hashOf(snapshot, 0)
                .whenComplete((found, failure) -> comparison.release())
                .thenCompose(found -> {
                    LOG.debug("log \"{}\": at slot {} the hash is {}", replica.name(), slot, found);
                    return propose(new MaintenanceCommand.Report(slot, member, found.hash()));
                })
                .whenComplete((reported, failure) -> {
                    if (failure != null) {
                        LOG.debug("log \"{}\": no hash for the comparison at {}", replica.name(), slot, failure);
                    }
                });
    }

    @Override
    public CompletableFuture<StoreHash> hash(long revision) {
        return capture(Consistency.LOCAL, snapshot -> snapshot).thenCompose(seen -> hashOf(seen.value(), revision));
    }

    /** Computes the hash of a snapshot, and closes it. */
    private CompletableFuture<StoreHash> hashOf(VersionsSnapshot snapshot, long revision) {
        return run(() -> {
                    try {
                        return VersionHash.of(snapshot, revision);
                    } catch (SnapshotEndedException e) {
                        throw new UnavailableException("the state was closed or replaced while its hash was computed");
                    }
                })
                .whenComplete((hash, failure) -> snapshot.close());
    }

    /** Takes a snapshot, and what else is read with it. If the read fails, nothing stays open. */
    private <T> CompletableFuture<ReadResult<T>> capture(Consistency consistency, Function<VersionsSnapshot, T> with) {
        SnapshotCapture query = new SnapshotCapture(state.snapshot());
        return replica.read(consistency, () -> with.apply(query.get())).whenComplete((seen, failure) -> {
            if (failure != null) {
                query.abandon();
            }
        });
    }

    @Override
    public CompletableFuture<Void> purge() {
        return run(() -> null).thenCompose(begun -> purgeMore());
    }

    private CompletableFuture<Void> purgeMore() {
        return replica.read(Consistency.LOCAL, () -> state.purge().getAsBoolean())
                .thenComposeAsync(
                        read -> read.value() ? purgeMore() : CompletableFuture.completedFuture(null), threads);
    }

    @Override
    public CompletableFuture<Void> defragment() {
        return purge().thenCompose(purged -> run(() -> {
            state.defragment().run();
            return null;
        }));
    }

    @Override
    public long sizeInUseBytes() {
        return state.sizeInUseBytes().getAsLong();
    }

    @Override
    public CompletableFuture<Result<StoreContents>> contents() {
        return this.<StoreContents>capture(
                        Consistency.LINEARIZABLE,
                        snapshot -> new SnapshotContents(
                                snapshot, state.leases().get(), state.runner().alarms()))
                .thenApply(seen -> new Result<>(seen.slot(), seen.value()));
    }

    private <T extends @Nullable Object> CompletableFuture<T> run(Supplier<T> task) {
        if (!tasks.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new OverloadedException("more than " + MOST_TASKS + " tasks for the upkeep of a store"));
        }
        try {
            return CompletableFuture.supplyAsync(task, threads).whenComplete((done, failure) -> tasks.release());
        } catch (RejectedExecutionException e) {
            tasks.release();
            return CompletableFuture.failedFuture(new NodeClosedException("the store is closed"));
        }
    }

    /** Ends the threads. What runs on them ends with the state. A second call does nothing. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
