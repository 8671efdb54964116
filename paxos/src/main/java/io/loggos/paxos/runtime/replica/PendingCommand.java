package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.replica.Result;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.CommandCaller;
import org.jspecify.annotations.Nullable;

/** A command of a caller on this node. */
public final class PendingCommand extends PendingRequest<Result<Bytes>> implements CommandCaller {
    /** The payload; with an id, the id and the payload. */
    public final Bytes command;
    /** The id of the command that the caller has given, or null. */
    public final @Nullable RequestId id;

    PendingCommand(LocalReplica replica, Bytes command, @Nullable RequestId id, long calledAtNanos) {
        super(replica, calledAtNanos);
        this.command = command;
        this.id = id;
    }

    /** The size of the command without its id. */
    int payloadBytes() {
        return id == null ? command.size() : command.size() - Batch.ID_BYTES;
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
            failure(id != null && cause instanceof OutcomeUnknownException unknown ? askable(unknown) : cause);
        }
    }

    private RuntimeException askable(OutcomeUnknownException unknown) {
        return new OutcomeUnknownException(unknown.getMessage() + "; ask again with id " + id, unknown.getCause(), id);
    }
}
