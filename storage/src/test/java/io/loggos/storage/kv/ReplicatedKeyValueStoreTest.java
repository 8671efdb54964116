package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.OverloadedException;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Result;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import io.loggos.testkit.ReplicaDouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicatedKeyValueStoreTest {
    private static final Bytes A = Bytes.utf8("a");

    private final KeyValueStateMachine machine = new KeyValueStateMachine(new MemoryOrderedStore());
    private final LocalReplica replica = new LocalReplica(machine);
    private final ReplicatedKeyValueStore store = new ReplicatedKeyValueStore(
            replica, machine, new UserThreads(), KeyValueOptions.defaults().forMember(1));

    @Test
    void outcomesCarryTheSlotOfTheirCommand() throws Exception {
        Result<Outcome.Put> put = store.put(A, Bytes.utf8("1")).get();
        assertEquals(new Result<>(Slot.of(1), new Outcome.Put(2, null)), put);
        assertEquals(Bytes.utf8("1"), store.get(A).get().orElseThrow().value());
        Result<Outcome.Range> read = store.range(Consistency.LOCAL, Operation.Range.of(KeyRange.all()))
                .get();
        assertEquals(Slot.of(1), read.slot());
        assertEquals(List.of(Consistency.LINEARIZABLE, Consistency.LOCAL), replica.reads);
        assertEquals(1, store.delete(A).get().value().deleted());
        assertEquals(3, store.compact(new Operation.Compact(2)).get().value().revision());
        assertEquals(3, store.revision());
        assertTrue(store.sizeBytes() > 0);
        assertSame(replica, store.replica());
    }

    @Test
    void operationsWithAnIdTakeEffectOnceAndHaveAnOutcome() throws Exception {
        RequestId put = RequestId.after(Slot.ZERO);
        RequestId delete = RequestId.after(Slot.ZERO);
        RequestId transact = RequestId.after(Slot.ZERO);
        assertEquals(Optional.empty(), store.outcome(put).get());
        Result<Outcome.Put> first =
                store.put(Operation.Put.of(A, Bytes.utf8("1")), put).get();
        assertEquals(first, store.put(Operation.Put.of(A, Bytes.utf8("1")), put).get());
        assertEquals(Optional.of(first), store.outcome(put).get());
        Operation.Transaction reading = transaction(Operation.Range.of(KeyRange.all()));
        assertEquals(
                store.transact(reading, transact).get(),
                store.transact(reading, transact).get());
        Result<Outcome.Delete> deleted = store.delete(new Operation.Delete(KeyRange.single(A), false), delete)
                .get();
        assertEquals(1, deleted.value().deleted());
        assertEquals(Optional.of(deleted), store.outcome(delete).get());
        assertEquals(3, replica.proposed);
    }

    @Test
    void readsBehindASlotAskNobody() throws Exception {
        Result<Outcome.Put> put = store.put(A, Bytes.utf8("1")).get();
        Result<Outcome.Range> point =
                store.range(put.slot(), Operation.Range.of(KeyRange.single(A))).get();
        Result<Outcome.Range> all =
                store.range(put.slot(), Operation.Range.of(KeyRange.all())).get();
        assertEquals(put.slot(), point.slot());
        assertEquals(point.value().keyValues(), all.value().keyValues());
        assertEquals(List.of(), replica.reads);
    }

    @Test
    void transactionsThatCannotChangeAnythingAreReads() throws Exception {
        Operation.Transaction reading = transaction(Operation.Range.of(KeyRange.all()));
        assertTrue(store.transact(reading).get().value().succeeded());
        assertEquals(0, replica.proposed);
        assertEquals(List.of(Consistency.LINEARIZABLE), replica.reads);
        assertTrue(store.transact(transaction(Operation.Put.of(A, A)))
                .get()
                .value()
                .succeeded());
        assertEquals(1, replica.proposed);
        Operation.Transaction deletesOtherwise = new Operation.Transaction(
                List.of(Compare.number(A, Compare.Target.VERSION, Compare.Relation.EQUAL, 0)),
                List.of(),
                List.of(new Operation.Delete(KeyRange.all(), false)));
        assertEquals(3, store.transact(deletesOtherwise).get().value().revision());
        assertEquals(2, replica.proposed);
    }

    @Test
    void whatIsWrongWhateverTheStateIsNotProposed() {
        assertRefused(Reason.EMPTY_KEY, store.put(Bytes.EMPTY, A));
        assertRefused(Reason.EMPTY_KEY, store.delete(Bytes.EMPTY));
        assertRefused(Reason.EMPTY_KEY, store.get(Bytes.EMPTY));
        Operation.Put put = Operation.Put.of(A, A);
        assertRefused(Reason.DUPLICATE_KEY, store.transact(transaction(put, put)));
        Operation[] many =
                Collections.nCopies(129, Operation.Range.of(KeyRange.all())).toArray(Operation[]::new);
        assertRefused(Reason.TOO_MANY_OPERATIONS, store.transact(transaction(many)));
        assertEquals(0, replica.proposed);
        assertEquals(List.of(), replica.reads);
    }

    @Test
    void whatTheStateRefusesFailsTheFutureItself() {
        CompletableFuture<?> compacted = store.compact(new Operation.Compact(9));
        assertRefused(Reason.FUTURE_REVISION, compacted);
        List<Throwable> seen = new ArrayList<>();
        CompletableFuture<?> unused = compacted.whenComplete((value, failure) -> seen.add(failure));
        assertInstanceOf(KeyValueException.class, seen.get(0), "not wrapped");
        assertRefused(
                Reason.FUTURE_REVISION,
                store.range(
                        Consistency.LOCAL, Operation.Range.of(KeyRange.all()).atRevision(9)));
    }

    @Test
    void failuresOfTheReplicaAreHandedOn() {
        replica.failure = new OverloadedException("full");
        assertInstanceOf(OverloadedException.class, failure(store.put(A, A)));
        replica.failure = null;
        replica.answer = Bytes.utf8("nonsense");
        assertInstanceOf(MalformedException.class, failure(store.put(A, A)));
        replica.answer = KeyValueCodec.encode(new Outcome.Compact(1));
        assertInstanceOf(MalformedException.class, failure(store.put(A, A)));
    }

    @Test
    void closingClosesTheReplicaAndThenTheStore() {
        store.close();
        assertTrue(replica.closedBeforeMachine);
        assertThrows(IllegalStateException.class, machine::checkpoint);
    }

    private static Operation.Transaction transaction(Operation... then) {
        return new Operation.Transaction(List.of(), List.of(then), List.of());
    }

    private static void assertRefused(Reason reason, CompletableFuture<?> future) {
        assertEquals(
                reason,
                assertInstanceOf(KeyValueException.class, failure(future)).reason());
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, future::get).getCause();
    }

    /** A replica of a log with one node. Every call completes at once. */
    private static final class LocalReplica extends ReplicaDouble {
        private final KeyValueStateMachine machine;
        private final List<Consistency> reads = new ArrayList<>();
        private final Map<RequestId, Result<Bytes>> named = new HashMap<>();
        private int proposed;
        private boolean closedBeforeMachine;
        private @Nullable RuntimeException failure;
        private @Nullable Bytes answer;

        LocalReplica(KeyValueStateMachine machine) {
            this.machine = machine;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public CompletableFuture<Result<Bytes>> propose(Bytes command) {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            Slot slot = Slot.of(++proposed);
            Bytes applied = machine.apply(new Command(slot, Instant.EPOCH, command));
            return CompletableFuture.completedFuture(new Result<>(slot, answer == null ? applied : answer));
        }

        @Override
        public CompletableFuture<Result<Bytes>> propose(Bytes command, RequestId id) {
            return CompletableFuture.completedFuture(
                    named.computeIfAbsent(id, unused -> propose(command).join()));
        }

        @Override
        public CompletableFuture<Optional<Result<Bytes>>> outcome(RequestId id) {
            return CompletableFuture.completedFuture(Optional.ofNullable(named.get(id)));
        }

        @Override
        public <T> CompletableFuture<ReadResult<T>> read(Slot atLeast, Supplier<T> query) {
            return CompletableFuture.completedFuture(new ReadResult<>(atLeast, Duration.ZERO, query.get()));
        }

        @Override
        public <T> CompletableFuture<ReadResult<T>> read(Consistency consistency, Supplier<T> query) {
            reads.add(consistency);
            return CompletableFuture.completedFuture(query)
                    .thenApply(each -> new ReadResult<>(Slot.of(proposed), Duration.ZERO, each.get()));
        }

        @Override
        public ReplicaStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            machine.range(Identity.NOBODY, Operation.Range.of(KeyRange.single(A)));
            closedBeforeMachine = true;
        }
    }
}
