package io.loggos.storage.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.kv.maintenance.Maintenance;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoreHash;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.storage.kv.rows.MemoryOrderedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms, the comparison of copies, and what else the upkeep of a store does. */
class AlarmRulesTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Alarm FULL = new Alarm(7, Alarm.Kind.NO_SPACE);
    private static final Alarm CORRUPT = new Alarm(0, Alarm.Kind.CORRUPT);

    @TempDir
    Path directory;

    private final OneReplica replica = new OneReplica();
    private final KeyValueStore store = replica.store(KeyValueOptions.defaults().forMember(7));
    private final Maintenance maintenance = store.maintenance();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void withoutSpaceNothingGrowsAndEverythingElseGoesOn() {
        store.put(A, B).join();
        assertTrue(maintenance.raise(FULL).join());
        assertFalse(maintenance.raise(FULL).join());
        assertEquals(List.of(FULL), maintenance.alarms());
        assertEquals(List.of(FULL), maintenance.currentAlarms().join());

        refuses(Reason.NO_SPACE, store.put(A, A));
        refuses(Reason.NO_SPACE, store.transact(transaction(Operation.Put.of(A, A))));
        refuses(Reason.NO_SPACE, store.transact(transaction(transaction(Operation.Put.of(A, A)))));
        refuses(Reason.NO_SPACE, store.leases().grant(Duration.ofMinutes(1)));
        assertEquals(1, store.delete(A).join().value().deleted());
        store.transact(transaction(new Operation.Delete(KeyRange.single(A), false)))
                .join();
        store.compact(new Operation.Compact(2)).join();

        assertTrue(maintenance.disarm(FULL).join());
        assertFalse(maintenance.disarm(FULL).join());
        store.put(A, A).join();
        assertEquals(List.of(), maintenance.alarms());
    }

    @Test
    void aCorruptClusterChangesNothingAndCanBeRead() {
        long lease = store.leases().grant(Duration.ofMinutes(1)).join().id();
        store.put(A, B).join();
        maintenance.raise(CORRUPT).join();

        refuses(Reason.CORRUPT, store.put(A, A));
        refuses(Reason.CORRUPT, store.delete(A));
        refuses(Reason.CORRUPT, store.compact(new Operation.Compact(1)));
        refuses(Reason.CORRUPT, store.leases().revoke(lease));
        assertEquals(B, store.get(A).join().orElseThrow().value());
        maintenance.disarm(CORRUPT).join();
        store.delete(A).join();
    }

    @Test
    void alarmsAndTheComparisonAreInTheCheckpoint() throws Exception {
        maintenance.raise(FULL).join();
        maintenance.compareCopies().join();
        await("the report").until(() -> replica.proposed() == 3);
        Bytes before = replica.machine.digest();
        Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
        replica.machine.checkpoint().writeTo(checkpoint);
        try (KeyValueStateMachine restored = new KeyValueStateMachine(new MemoryOrderedStore())) {
            restored.restore(checkpoint);
            assertEquals(before, restored.digest());
            assertEquals(List.of(FULL), restored.maintained().runner().alarms());
            maintenance.disarm(FULL).join();
            assertNotEquals(before, replica.machine.digest());
        }
    }

    @Test
    void copiesThatDifferRaiseAnAlarm() {
        store.put(A, B).join();
        OneReplica other = new OneReplica();
        try (KeyValueStore copy = other.store(KeyValueOptions.defaults().forMember(8))) {
            copy.put(A, B).join();
            // Both apply the same commands, each of which is proposed by one of them.
            replica.alsoTo(other);
            other.alsoTo(replica);
            maintenance.compareCopies().join();
            await("both reports").until(() -> replica.applied() == 4 && other.applied() == 4);
            assertEquals(List.of(), maintenance.alarms());

            replica.alsoTo(null);
            other.alsoTo(null);
            store.put(A, A).join();
            copy.put(A, B).join();
            replica.alsoTo(other);
            other.alsoTo(replica);
            maintenance.compareCopies().join();
            await("the alarm").until(() -> maintenance.alarms().equals(List.of(CORRUPT)));
            await("the alarm there").until(() -> copy.maintenance().alarms().equals(List.of(CORRUPT)));
        }
    }

    @Test
    void aQuotaRaisesTheAlarmAndRefuses() {
        try (KeyValueStore small = replica.store(
                KeyValueOptions.builder().quotaBytes(800_000).member(9).build())) {
            Bytes large = Bytes.utf8("x".repeat(300_000));
            small.put(A, large).join();
            await("the refusal").until(() -> isRefused(small.put(B, large)));
            assertEquals(
                    List.of(new Alarm(9, Alarm.Kind.NO_SPACE)),
                    small.maintenance().alarms());
            small.delete(A).join();
        }
    }

    @Test
    void theHashIsThatOfTheVersionsUpToARevision() {
        store.put(A, Bytes.utf8("1")).join();
        StoreHash first = maintenance.hash(0).join();
        assertEquals(new StoreHash(2, -1, first.hash()), first);
        store.put(A, Bytes.utf8("2")).join();
        store.delete(A).join();
        StoreHash third = maintenance.hash(0).join();
        assertNotEquals(first.hash(), third.hash());
        assertEquals(first.hash(), maintenance.hash(2).join().hash());
        refuses(Reason.FUTURE_REVISION, maintenance.hash(5));
        store.compact(new Operation.Compact(3)).join();
        refuses(Reason.COMPACTED, maintenance.hash(3));
        StoreHash compacted = maintenance.hash(4).join();
        assertEquals(3, compacted.compactedRevision());
        maintenance.purge().join();
        assertEquals(compacted, maintenance.hash(0).join());
    }

    @Test
    void contentsAreThoseOfTheirMoment() throws Exception {
        long lease = store.leases().grant(Duration.ofMinutes(1)).join().id();
        store.put(Operation.Put.of(A, B).attachedTo(lease)).join();
        store.transact(transaction(Operation.Put.of(B, A), new Operation.Delete(KeyRange.single(A), false)))
                .join();
        maintenance.raise(FULL).join();
        try (StoreContents contents = maintenance.contents().join().value()) {
            maintenance.disarm(FULL).join();
            store.put(A, A).join();
            assertEquals(3, contents.revision());
            assertEquals(-1, contents.compactedRevision());
            assertEquals(List.of(FULL), contents.alarms());
            assertEquals(Duration.ofMinutes(1), contents.leases().get(lease));
            List<StoredChange> changes = new ArrayList<>();
            contents.forEach(changes::add);
            assertEquals(
                    List.of(
                            new StoredChange(2, 0, A, false, B, 2, 1, lease),
                            new StoredChange(3, 0, B, false, A, 3, 1, 0),
                            new StoredChange(3, 1, A, true, Bytes.EMPTY, 0, 0, 0)),
                    changes);
        }
    }

    @Test
    void purgingDeletesWhatWasCompacted() {
        for (int i = 0; i < 30_000; i++) {
            store.put(A, Bytes.utf8("x".repeat(20))).join();
        }
        store.compact(new Operation.Compact(store.revision())).join();
        maintenance.purge().join();
        assertTrue(store.sizeBytes() < 1_000, () -> store.sizeBytes() + " bytes are left");
        maintenance.defragment().join();
        assertTrue(maintenance.sizeInUseBytes() <= store.sizeBytes());
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(2));
    }

    private static Operation.Transaction transaction(Operation... then) {
        return new Operation.Transaction(List.of(), List.of(then), List.of());
    }

    private static boolean isRefused(CompletableFuture<?> future) {
        try {
            future.join();
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof KeyValueException refused && refused.reason() == Reason.NO_SPACE;
        }
    }

    private static void refuses(Reason reason, CompletableFuture<?> future) {
        CompletionException failed = assertThrows(CompletionException.class, future::join);
        assertEquals(reason, ((KeyValueException) failed.getCause()).reason());
    }
}
