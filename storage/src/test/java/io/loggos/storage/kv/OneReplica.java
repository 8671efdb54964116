package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.testkit.ReplicaDouble;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A log of one node without a disk. Each call is executed at once, by its caller; any thread may call. */
final class OneReplica extends ReplicaDouble {
    private static final Object ORDER = new Object();
    /** Commands that were proposed while one was applied. */
    private static final ConcurrentLinkedQueue<Runnable> LATER = new ConcurrentLinkedQueue<>();

    final KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore());
    private volatile @Nullable OneReplica second;
    private final AtomicInteger proposed = new AtomicInteger();
    private final AtomicInteger applied = new AtomicInteger();

    /** Returns a store on this replica. */
    KeyValueStore store(KeyValueOptions options) {
        return new ReplicatedKeyValueStore(this, machine, new UserThreads(), options);
    }

    /** Applies the commands of this one to another replica as well; to none with null. */
    void alsoTo(@Nullable OneReplica other) {
        second = other;
    }

    int proposed() {
        return proposed.get();
    }

    int applied() {
        return applied.get();
    }

    @Override
    public String name() {
        return "one";
    }

    /** Applies a command here and there; one that is proposed by the application of another comes behind that one. */
    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        if (Thread.holdsLock(ORDER)) {
            CompletableFuture<Result<Bytes>> later = new CompletableFuture<>();
            LATER.add(() -> later.complete(propose(command).join()));
            return later;
        }
        CompletableFuture<Result<Bytes>> done;
        synchronized (ORDER) {
            proposed.incrementAndGet();
            OneReplica other = second;
            done = CompletableFuture.completedFuture(apply(command));
            if (other != null) {
                other.apply(command);
            }
        }
        for (Runnable next = LATER.poll(); next != null; next = LATER.poll()) {
            next.run();
        }
        return done;
    }

    private Result<Bytes> apply(Bytes command) {
        Slot slot = Slot.of(applied.incrementAndGet());
        return new Result<>(slot, machine.apply(new Command(slot, Instant.EPOCH, command)));
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        synchronized (ORDER) {
            try {
                return CompletableFuture.completedFuture(
                        new ReadResult<>(Slot.of(applied.get()), Duration.ZERO, query.get()));
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    @Override
    public ReplicaStatus status() {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public void close() {
        // Nothing is under way between two calls.
    }
}
