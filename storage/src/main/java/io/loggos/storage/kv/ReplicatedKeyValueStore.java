package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Leases;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.access.AccessControl;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.kv.maintenance.Maintenance;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.user.UserCode;
import io.loggos.storage.kv.access.AccessCodec;
import io.loggos.storage.kv.access.ReplicatedAccess;
import io.loggos.storage.kv.lease.ReplicatedLeases;
import io.loggos.storage.kv.maintenance.ReplicatedMaintenance;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.operation.OperationChecks;
import io.loggos.storage.kv.watch.WatchTimers;
import io.loggos.storage.kv.watch.Watches;
import io.loggos.storage.kv.watch.core.WatchLimits;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KeyValueStore} on a replica whose state machine is a {@link KeyValueStateMachine}. Operations that are wrong
 * in every state are refused before they are proposed. Safe for use by any thread.
 */
public final class ReplicatedKeyValueStore implements KeyValueStore {
    private final Replica replica;
    private final KeyValueStateMachine machine;
    private final SnapshotReads reads;
    private final Watches watches;
    private final ReplicatedLeases leases;
    private final ReplicatedMaintenance maintenance;
    private final int maxOperations;
    private final Identity who;
    private final boolean isView;

    /**
     * Creates the store of a replica.
     *
     * @param machine the machine to which the replica applies commands
     * @param userCode runs the subscribers of watches
     * @param options the limits of this node's copy; its member is not 0
     */
    public ReplicatedKeyValueStore(
            Replica replica, KeyValueStateMachine machine, UserCode userCode, KeyValueOptions options) {
        this.replica = replica;
        this.maxOperations = options.maxOperations();
        this.machine = machine;
        this.reads = new SnapshotReads(replica.name());
        this.watches = new Watches(
                replica,
                machine.watched(),
                userCode,
                WatchTimers.SYSTEM,
                WatchLimits.USUAL,
                SnapshotReads.mostAnswerBytes());
        this.maintenance = new ReplicatedMaintenance(replica, machine.maintained(), options);
        this.leases = new ReplicatedLeases(replica, machine.leases(), this::keysOf, maintenance::refusalOfLease);
        this.who = Identity.NOBODY;
        this.isView = false;
    }

    /** Creates the view of a user. */
    private ReplicatedKeyValueStore(ReplicatedKeyValueStore store, Identity who) {
        this.replica = store.replica;
        this.machine = store.machine;
        this.reads = store.reads;
        this.watches = store.watches;
        this.leases = store.leases;
        this.maintenance = store.maintenance;
        this.maxOperations = store.maxOperations;
        this.who = who;
        this.isView = true;
    }

    @Override
    public KeyValueStore as(Identity user) {
        return new ReplicatedKeyValueStore(this, user);
    }

    @Override
    public AccessControl access() {
        return new ReplicatedAccess(replica, machine.access(), who);
    }

    @Override
    public CompletableFuture<Result<Outcome.Put>> put(Operation.Put put) {
        return propose(put, null, Outcome.Put.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Put>> put(Operation.Put put, RequestId id) {
        return propose(put, id, Outcome.Put.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Delete>> delete(Operation.Delete delete) {
        return propose(delete, null, Outcome.Delete.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Delete>> delete(Operation.Delete delete, RequestId id) {
        return propose(delete, id, Outcome.Delete.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Transaction>> transact(Operation.Transaction transaction) {
        return OperationChecks.isReadOnly(transaction)
                ? read(
                        levelOf(Consistency.LINEARIZABLE),
                        transaction,
                        () -> machine.readOnly(who, transaction),
                        reading -> reading.run(transaction))
                : propose(transaction, null, Outcome.Transaction.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Transaction>> transact(Operation.Transaction transaction, RequestId id) {
        return propose(transaction, id, Outcome.Transaction.class);
    }

    @Override
    public CompletableFuture<Optional<Result<Outcome>>> outcome(RequestId id) {
        CompletableFuture<Optional<Result<Bytes>>> asked = replica.outcome(id);
        return asked.thenApply(first -> first.map(answer -> {
            AccessCodec.throwRefusal(answer.value());
            return new Result<>(answer.slot(), KeyValueCodec.decodeAnswer(answer.value()));
        }));
    }

    @Override
    public CompletableFuture<Result<Outcome.Compact>> compact(Operation.Compact compact) {
        return propose(compact, null, Outcome.Compact.class);
    }

    @Override
    public CompletableFuture<Result<Outcome.Range>> range(Consistency consistency, Operation.Range range) {
        return read(levelOf(consistency), range, () -> machine.range(who, range), reading -> reading.run(range));
    }

    @Override
    public CompletableFuture<Result<Outcome.Range>> range(Slot atLeast, Operation.Range range) {
        ReadLevel level = new ReadLevel() {
            @Override
            public <T> CompletableFuture<ReadResult<T>> read(Supplier<T> query) {
                return replica.read(atLeast, query);
            }
        };
        return read(level, range, () -> machine.range(who, range), reading -> reading.run(range));
    }

    private ReadLevel levelOf(Consistency consistency) {
        return new ReadLevel() {
            @Override
            public <T> CompletableFuture<ReadResult<T>> read(Supplier<T> query) {
                return replica.read(consistency, query);
            }
        };
    }

    /** A way to read the replica: with a guarantee, or at least at a slot. */
    private interface ReadLevel {
        <T> CompletableFuture<ReadResult<T>> read(Supplier<T> query);
    }

    @Override
    public Leases leases() {
        return who.equals(Identity.NOBODY) ? leases : new NamedLeases(leases, machine.access(), who);
    }

    @Override
    public Maintenance maintenance() {
        return maintenance;
    }

    private CompletableFuture<List<Bytes>> keysOf(long lease) {
        return reads.read(
                        query -> replica.read(Consistency.LINEARIZABLE, query),
                        machine::snapshot,
                        reading -> reading.keysOf(lease))
                .thenApply(Result::value);
    }

    @Override
    public Flow.Publisher<WatchEvents> watch(KeyRange keys, WatchOptions options) {
        return new AllowedWatch(machine.access(), who, keys, watches.watch(keys, options));
    }

    /** Ends the watches, the work on leases and the upkeep, since the node ends. A second call does nothing. */
    public void endWatches() {
        watches.close();
        leases.close();
        maintenance.close();
    }

    /** Closes the state machine, once the replica has ended. A second call does nothing. */
    public void closeState() {
        machine.close();
    }

    @Override
    public long revision() {
        return machine.revision();
    }

    @Override
    public long sizeBytes() {
        return machine.sizeBytes();
    }

    @Override
    public Replica replica() {
        return replica;
    }

    /** Closes the replica, and then the state machine. The view of a user closes nothing. */
    @Override
    public void close() {
        if (isView) {
            return;
        }
        watches.close();
        leases.close();
        maintenance.close();
        reads.close();
        replica.close();
        machine.close();
    }

    private <T extends Outcome> CompletableFuture<Result<T>> propose(
            Operation operation, @Nullable RequestId id, Class<T> kind) {
        Bytes command;
        try {
            OperationChecks.check(operation, maxOperations);
            command = KeyValueCodec.encode(operation);
            if (!who.user().isEmpty()) {
                command = AccessCodec.guarded(who, command);
            }
        } catch (KeyValueException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Result<T>> refusal = maintenance.refusal(operation);
        if (refusal != null) {
            return refusal;
        }
        CompletableFuture<Result<Bytes>> proposed =
                id == null ? replica.propose(command) : replica.propose(command, id);
        // Of the same kind, which knows where nobody may wait for it.
        CompletableFuture<Result<T>> future = proposed.newIncompleteFuture();
        CompletableFuture<?> unused =
                proposed.whenComplete((answer, failure) -> complete(future, answer, failure, kind));
        return future;
    }

    private static <T extends Outcome> void complete(
            CompletableFuture<Result<T>> future,
            @Nullable Result<Bytes> answer,
            @Nullable Throwable failure,
            Class<T> kind) {
        if (answer == null) {
            future.completeExceptionally(unwrapped(failure));
            return;
        }
        try {
            AccessCodec.throwRefusal(answer.value());
            Outcome outcome = KeyValueCodec.decodeAnswer(answer.value());
            if (!kind.isInstance(outcome)) {
                throw new MalformedException("the answer is of another kind than the operation");
            }
            future.complete(new Result<>(answer.slot(), kind.cast(outcome)));
        } catch (KeyValueException | AccessException | MalformedException e) {
            future.completeExceptionally(e);
        }
    }

    /**
     * Reads: on the thread that applies commands if that takes little time, otherwise on a snapshot.
     *
     * @param onTheSpot the read on the thread that applies commands
     * @param elsewhere the same read on a snapshot
     */
    private <T extends Outcome> CompletableFuture<Result<T>> read(
            ReadLevel level, Operation operation, Supplier<T> onTheSpot, Function<Reading, T> elsewhere) {
        try {
            OperationChecks.check(operation, maxOperations);
        } catch (KeyValueException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (!OperationChecks.isShortRead(operation)) {
            return reads.read(level::read, () -> machine.snapshot(who, operation), elsewhere);
        }
        CompletableFuture<ReadResult<T>> asked = level.read(onTheSpot);
        CompletableFuture<Result<T>> future = asked.newIncompleteFuture();
        CompletableFuture<?> unused = asked.whenComplete((ReadResult<T> seen, Throwable failure) -> {
            if (seen == null) {
                future.completeExceptionally(unwrapped(failure));
            } else {
                future.complete(new Result<>(seen.slot(), seen.value()));
            }
        });
        return future;
    }

    static Throwable unwrapped(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("neither an answer nor a failure") : failure;
    }
}
