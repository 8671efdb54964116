package io.loggos.storage.kv;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.testkit.ReplicaDouble;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A replica alone, which applies on the thread of the caller. Commands can be kept for another replica. */
public final class SynchronousReplica extends ReplicaDouble {
    private final KeyValueStateMachine machine;
    private long slot;

    public SynchronousReplica(KeyValueStateMachine machine) {
        this.machine = machine;
    }

    @Override
    public String name() {
        return "kv";
    }

    @Override
    public synchronized CompletableFuture<Result<Bytes>> propose(Bytes command) {
        Slot at = Slot.of(++slot);
        return CompletableFuture.completedFuture(
                new Result<>(at, machine.apply(new Command(at, Instant.ofEpochSecond(slot), command))));
    }

    @Override
    public synchronized <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
        try {
            return CompletableFuture.completedFuture(new ReadResult<>(Slot.of(slot), Duration.ZERO, query.get()));
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Nobody leads, so nobody proposes the expiry of leases. */
    @Override
    public ReplicaStatus status() {
        Slot at = Slot.of(Math.max(1, slot));
        return new ReplicaStatus(
                "kv",
                Role.FOLLOWER,
                NodeId.of(2),
                new Ballot(7, 2),
                Slot.of(1),
                at,
                at,
                at,
                at,
                at,
                Slot.ZERO,
                0,
                null,
                null);
    }

    @Override
    public void close() {}
}
