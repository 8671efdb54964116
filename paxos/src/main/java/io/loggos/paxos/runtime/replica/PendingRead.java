package io.loggos.paxos.runtime.replica;

import io.loggos.api.Slot;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.paxos.core.model.ReadCaller;
import java.time.Duration;
import java.util.function.Supplier;

/** A query of a caller on this node. */
public final class PendingRead<T> extends PendingRequest<ReadResult<T>> implements ReadCaller {
    private final Consistency consistency;
    private final Supplier<T> query;

    PendingRead(LocalReplica replica, Consistency consistency, Supplier<T> query) {
        super(replica);
        this.consistency = consistency;
        this.query = query;
    }

    @Override
    public void at(long now) {
        replica.loop().read(this, now);
    }

    /**
     * Runs the query, on the thread that applies commands. A query that throws harms nothing else, unless it leaves the
     * state in doubt (RULES.md B-7).
     */
    @Override
    public void run(long appliedSlot) {
        replica.settledRead();
        try {
            Duration age = consistency == Consistency.LINEARIZABLE ? Duration.ZERO : replica.age();
            complete(new ReadResult<>(Slot.of(appliedSlot), age, query.get()));
        } catch (Throwable thrown) { // Of whatever kind: a checked exception may come undeclared.
            if (StateMachineFaults.leavesStateInDoubt(thrown)) {
                replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": a query: " + thrown, thrown));
            }
            completeExceptionally(thrown);
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        replica.settledRead();
        completeExceptionally(cause);
    }
}
