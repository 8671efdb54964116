package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import io.loggos.api.replica.Result;
import io.loggos.paxos.core.model.CommandCaller;

/** A command of a caller on this node. */
public final class PendingCommand extends PendingRequest<Result<Bytes>> implements CommandCaller {
    public final Bytes command;

    PendingCommand(LocalReplica replica, Bytes command, long calledAtNanos) {
        super(replica, calledAtNanos);
        this.command = command;
    }

    @Override
    public void at(long now) {
        replica.loop().propose(this, now);
    }

    @Override
    public void complete(Slot slot, Bytes answer, long nowNanos) {
        if (end()) {
            replica.settled(this, nowNanos);
            answer(new Result<>(slot, answer));
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        if (end()) {
            replica.settled(this, Long.MIN_VALUE);
            failure(cause);
        }
    }
}
