package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.replica.Result;
import io.loggos.paxos.core.model.CommandCaller;

/** A command of a caller on this node. */
public final class PendingCommand extends PendingRequest<Result<Bytes>> implements CommandCaller {
    public final Bytes command;
    final long calledAtNanos;

    PendingCommand(LocalReplica replica, Bytes command, long calledAtNanos) {
        super(replica);
        this.command = command;
        this.calledAtNanos = calledAtNanos;
    }

    @Override
    public void at(long now) {
        replica.loop().propose(this, now);
    }

    @Override
    public void complete(Slot slot, Bytes answer, long nowNanos) {
        replica.settled(this, nowNanos);
        complete(new Result<>(slot, answer));
    }

    @Override
    public void fail(RuntimeException cause) {
        replica.settled(this, Long.MIN_VALUE);
        completeExceptionally(cause);
    }
}
