package io.loggos.paxos.runtime.replica;

import io.loggos.api.Slot;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.paxos.runtime.replica.state.StateMachineFaults;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A query of a caller on this node. */
public final class PendingRead<T> extends PendingRequest<ReadResult<T>> implements ReadCaller {
    private final Consistency consistency;
    /** The slot that it must see, or null. Then it asks no other node. */
    public final @Nullable Slot atLeast;

    private final Function<RequestTable, T> query;

    /** Creates a read of the state, and of the answers to commands with ids. */
    PendingRead(
            LocalReplica replica,
            Consistency consistency,
            @Nullable Slot atLeast,
            Function<RequestTable, T> query,
            long calledAtNanos) {
        super(replica, calledAtNanos);
        this.consistency = consistency;
        this.atLeast = atLeast;
        this.query = query;
    }

    /** True if the leader may answer it from its lease. */
    public boolean isByLease() {
        return consistency == Consistency.LEASE;
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
    public void run(long appliedSlot, RequestTable requests) {
        if (hasEnded()) {
            return;
        }
        try {
            Duration age = consistency == Consistency.LOCAL ? replica.age() : Duration.ZERO;
            ReadResult<T> result = new ReadResult<>(Slot.of(appliedSlot), age, query.apply(requests));
            if (end()) {
                replica.settledRead();
                answer(result);
            }
        } catch (Throwable thrown) { // Of whatever kind: a checked exception may come undeclared.
            if (StateMachineFaults.leavesStateInDoubt(thrown)) {
                replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": a query: " + thrown, thrown));
            }
            failWith(thrown);
        }
    }

    @Override
    public void fail(RuntimeException cause) {
        failWith(cause);
    }

    private void failWith(Throwable cause) {
        if (end()) {
            replica.settledRead();
            failure(cause);
        }
    }
}
