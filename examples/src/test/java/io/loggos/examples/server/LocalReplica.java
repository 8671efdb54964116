package io.loggos.examples.server;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.ReplicaDouble;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cluster of one member without a log. It applies commands in the order of arrival, on a thread of its own. */
public final class LocalReplica extends ReplicaDouble {
    private final StateMachine machine;
    private final ExecutorService applier = Executors.newSingleThreadExecutor();
    private final AtomicLong slot = new AtomicLong();
    private volatile @Nullable NodeId leader = NodeId.of(1);
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable CompletableFuture<?> pause;
    private final AtomicInteger paused = new AtomicInteger();

    public LocalReplica(StateMachine machine) {
        this.machine = machine;
    }

    /** Sets the leader from now on; null for none. */
    public void leader(@Nullable NodeId who) {
        leader = who;
    }

    /** Sets the failure of every request from now on; null for none. */
    public void failure(@Nullable RuntimeException what) {
        failure = what;
    }

    /** Holds back all completions until this future completes; null for no delay. */
    public void pause(@Nullable CompletableFuture<?> until) {
        pause = until;
    }

    /** Returns the number of requests whose completion was held back so far. */
    public int paused() {
        return paused.get();
    }

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public CompletableFuture<Result<Bytes>> propose(Bytes command) {
        return onApplier(() -> {
            Slot at = Slot.of(slot.incrementAndGet());
            return new Result<>(at, machine.apply(new Command(at, Instant.now(), command)));
        });
    }

    @Override
    public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        return onApplier(() -> new ReadResult<>(Slot.of(slot.get()), Duration.ZERO, query.get()));
    }

    @Override
    public CompletableFuture<NodeId> awaitLeader(Duration timeout) {
        NodeId known = leader;
        return known == null
                ? CompletableFuture.failedFuture(new UnavailableException("no leader"))
                : CompletableFuture.completedFuture(known);
    }

    @Override
    public ReplicaStatus status() {
        Slot at = Slot.of(slot.get());
        Role role = leader == null ? Role.FOLLOWER : Role.LEADER;
        return new ReplicaStatus(
                "kv", role, leader, new Ballot(7, 1), Slot.of(1), at, at, at, at, at, Slot.ZERO, 0, null, null);
    }

    @Override
    public void close() {
        applier.shutdown();
    }

    private <T> CompletableFuture<T> onApplier(Supplier<T> action) {
        if (applier.isShutdown()) {
            return CompletableFuture.failedFuture(new NodeClosedException("closed"));
        }
        RuntimeException fails = failure;
        if (fails != null) {
            return CompletableFuture.failedFuture(fails);
        }
        CompletableFuture<T> done = CompletableFuture.supplyAsync(action, applier);
        CompletableFuture<?> until = pause;
        if (until == null) {
            return done;
        }
        paused.incrementAndGet();
        return until.thenCombine(done, (ignored, result) -> result);
    }
}
