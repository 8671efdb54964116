package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.Result;
import io.loggos.api.Slot;

/** A command of a caller on this node. */
final class Call extends Asked<Result<Bytes>> {
    final Bytes command;
    final long calledAtNanos;

    Call(LocalReplica replica, Bytes command, long calledAtNanos) {
        super(replica);
        this.command = command;
        this.calledAtNanos = calledAtNanos;
    }

    @Override
    public void on(NodeLoop loop, long now) {
        loop.propose(this, now);
    }

    void complete(Slot slot, Bytes answer, long nowNanos) {
        replica.settled(this, nowNanos);
        complete(new Result<>(slot, answer));
    }

    @Override
    void fail(RuntimeException cause) {
        replica.settled(this, Long.MIN_VALUE);
        completeExceptionally(cause);
    }
}
