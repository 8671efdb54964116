package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.Result;
import io.loggos.api.Slot;
import java.util.concurrent.CompletableFuture;

/** A command that a caller on this node waits for; the future is completed once. */
final class Call implements NodeLoop.Event {
    final LocalReplica replica;
    final Bytes command;
    final long calledAtNanos;
    final CompletableFuture<Result<Bytes>> future = new CompletableFuture<>();

    Call(LocalReplica replica, Bytes command, long calledAtNanos) {
        this.replica = replica;
        this.command = command;
        this.calledAtNanos = calledAtNanos;
    }

    @Override
    public void on(NodeLoop loop, long now) {
        loop.propose(this, now);
    }

    void complete(Slot slot, Bytes answer, long nowNanos) {
        replica.settled(this, nowNanos);
        future.complete(new Result<>(slot, answer));
    }

    void fail(RuntimeException cause) {
        replica.settled(this, Long.MIN_VALUE);
        future.completeExceptionally(cause);
    }
}
