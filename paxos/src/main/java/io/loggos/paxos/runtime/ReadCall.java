package io.loggos.paxos.runtime;

import io.loggos.api.Consistency;
import io.loggos.api.ReadResult;
import io.loggos.api.Slot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A query that a caller on this node waits for. */
final class ReadCall<T> implements NodeLoop.Event {
    final LocalReplica replica;
    private final Consistency consistency;
    private final Supplier<T> query;
    final CompletableFuture<ReadResult<T>> future = new CompletableFuture<>();

    ReadCall(LocalReplica replica, Consistency consistency, Supplier<T> query) {
        this.replica = replica;
        this.consistency = consistency;
        this.query = query;
    }

    @Override
    public void on(NodeLoop loop, long now) {
        loop.read(this, now);
    }

    /** Runs the query; on the thread that applies commands. */
    void run(long appliedSlot) {
        try {
            Duration age = consistency == Consistency.LINEARIZABLE ? Duration.ZERO : replica.age();
            future.complete(new ReadResult<>(Slot.of(appliedSlot), age, query.get()));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    void fail(RuntimeException cause) {
        future.completeExceptionally(cause);
    }
}
