package io.loggos.storage.kv.watch;

import io.loggos.api.Bytes;
import io.loggos.api.OverloadedException;
import io.loggos.api.Slot;
import io.loggos.api.kv.Operation;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.internal.user.Lane;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.storage.kv.watch.core.WatchLimits;
import io.loggos.testkit.ReplicaDouble;
import io.loggos.testkit.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One replica's copy of the store, whose threads are turned by the test. */
final class WatchedCopy extends ReplicaDouble {
    final KeyValueStateMachine machine;
    final Watches watches;
    final QueuedUserCode userCode = new QueuedUserCode();
    /** The number of operations of the log that are in this copy. */
    int applied;

    private final Deque<Runnable> queries = new ArrayDeque<>();
    private final SplittableRandom random;

    WatchedCopy(SplittableRandom random, VirtualTime time, WatchLimits limits, long feedBytes, long mostBytes) {
        this.random = random;
        machine = new KeyValueStateMachine(new MemoryOrderedStore(), new ChangeFeed(feedBytes, feedBytes / 2));
        WatchTimers timers = new WatchTimers() {
            @Override
            public long nanos() {
                return time.nanos();
            }

            @Override
            public void later(long nanos, Runnable action) {
                time.after(nanos, action);
            }
        };
        watches = new Watches(this, machine.watched(), userCode, timers, limits, mostBytes);
    }

    void apply(Operation operation) {
        applied++;
        machine.apply(new Command(Slot.of(applied), Instant.EPOCH, KeyValueCodec.encode(operation)));
    }

    /** Replaces the state by that of another copy. */
    void install(WatchedCopy other, Path directory) {
        try {
            Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
            other.machine.checkpoint().writeTo(checkpoint);
            machine.restore(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        applied = other.applied;
    }

    /** Lets one of the threads do something, if there is anything to do. */
    boolean turn() {
        int threads = userCode.lanes.size() + 2;
        int first = random.nextInt(threads);
        for (int i = 0; i < threads; i++) {
            if (turn((first + i) % threads)) {
                return true;
            }
        }
        return false;
    }

    private boolean turn(int thread) {
        if (thread < userCode.lanes.size()) {
            Lane lane = userCode.lanes.get(thread);
            return lane.drain(1 + random.nextInt(3)) > 0;
        }
        Runnable task = thread == userCode.lanes.size() ? queries.poll() : userCode.answers.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        if (random.nextInt(8) == 0) {
            return CompletableFuture.failedFuture(new OverloadedException("too much"));
        }
        CompletableFuture<ReadResult<T>> future = new CompletableFuture<>();
        queries.add(() -> future.complete(new ReadResult<>(Slot.of(applied), Duration.ZERO, query.get())));
        return future;
    }

    @Override
    public ReplicaStatus status() {
        Slot at = Slot.of(applied);
        return new ReplicaStatus(
                "kv",
                io.loggos.api.replica.Role.LEADER,
                null,
                new io.loggos.api.Ballot(1, 1),
                at,
                at,
                at,
                at,
                at,
                at,
                at,
                0,
                null,
                null);
    }

    @Override
    public void close() {}
}
