package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.WriteMark;
import io.loggos.storage.testkit.AcceptorLogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** The contract on RocksDB, and behaviour of this store alone: the roster, and the failure that is final. */
class RocksDbStoreTest extends AcceptorLogContract {
    @TempDir
    Path temporary;

    @Override
    protected AcceptorLog open() {
        return TestStores.open(temporary.resolve("store"));
    }

    @Test
    void theRosterOutlivesTheProcess() {
        Path directory = temporary.resolve("roster");
        NodeId peer = NodeId.of(2);
        long incarnation;
        try (RocksDbStore store = TestStores.open(directory)) {
            incarnation = store.incarnation();
            assertTrue(incarnation > 0);
            assertEquals(Optional.empty(), store.met(peer));
            assertTrue(store.meet(peer, 11));
            assertTrue(store.meet(peer, 11));
            assertFalse(store.meet(peer, 12));
            store.rememberedBy(peer);
            store.rememberedBy(peer);
        }
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(incarnation, store.incarnation());
            assertEquals(Optional.of(11L), store.met(peer));
            assertFalse(store.meet(peer, 12));
            assertEquals(Set.of(peer), store.rememberedBy());
        }
    }

    private static void promise(RocksDbStore store, long round) {
        store.write(List.of(new LogRecord.Promised(LOG, new Ballot(round, 1))));
    }

    /** RULES.md O-4: a store holds what it told in each of its lives, and a copy lacks what was told later. */
    @Test
    void aCopyLacksTheWritesThatWereToldLater() throws IOException {
        Path directory = temporary.resolve("lives");
        Path copy = temporary.resolve("copy");
        WriteMark first;
        WriteMark later;
        try (RocksDbStore store = TestStores.open(directory)) {
            store.begin(71);
            promise(store, 1);
            first = new WriteMark(store.incarnation(), 71, store.syncedWrites());
            assertTrue(store.holds(first));
            assertFalse(store.holds(new WriteMark(store.incarnation(), 71, store.syncedWrites() + 1)));
            assertTrue(store.holds(new WriteMark(store.incarnation() + 1, 71, 1_000)), "another store's");
        }
        TestStores.copy(directory, copy);
        try (RocksDbStore store = TestStores.open(directory)) {
            store.begin(72);
            promise(store, 2);
            later = new WriteMark(store.incarnation(), 72, store.syncedWrites());
        }
        try (RocksDbStore store = TestStores.open(directory)) {
            store.begin(73);
            assertTrue(store.holds(first));
            assertTrue(store.holds(later));
            assertEquals(Optional.empty(), store.fenced());
        }
        try (RocksDbStore store = TestStores.open(copy)) {
            store.begin(74);
            for (int round = 10; round < 50; round++) {
                promise(store, round);
            }
            assertTrue(store.holds(first));
            assertFalse(store.holds(later), "the copy has more writes, and other ones");
            store.fence("lost");
            store.fence("lost again");
        }
        try (RocksDbStore store = TestStores.open(copy)) {
            assertEquals(Optional.of("lost"), store.fenced());
        }
    }

    /** Writes that are not synced are not told, and may be lost. */
    @Test
    void onlySyncedWritesCount() {
        try (RocksDbStore store = TestStores.open(temporary.resolve("synced"))) {
            store.begin(71);
            long before = store.syncedWrites();
            store.write(List.of(new LogRecord.ChosenThrough(LOG, 3)));
            assertEquals(before, store.syncedWrites());
            promise(store, 1);
            assertEquals(before + 2, store.syncedWrites());
        }
    }

    /** A mark of a peer is written with a synced write, and at the end; never in a write of its own before that. */
    @Test
    void marksOfPeersOutliveTheProcess() throws IOException, RocksDBException {
        Path directory = temporary.resolve("marks");
        Path killed = temporary.resolve("killed");
        NodeId peer = NodeId.of(2);
        NodeId other = NodeId.of(3);
        try (RocksDbStore store = TestStores.open(directory)) {
            assertTrue(store.meet(peer, 11));
            assertTrue(store.meet(other, 12));
            assertEquals(WriteMark.NONE, store.markOf(peer));
            long before = store.syncedWrites();
            store.note(peer, 71, 5);
            store.note(peer, 71, 6);
            assertEquals(before, store.syncedWrites());
            promise(store, 1);
            assertEquals(before + 1, store.syncedWrites());
            TestStores.copy(store, directory, killed);
            store.note(other, 81, 7);
        }
        try (RocksDbStore store = TestStores.open(killed)) {
            assertEquals(new WriteMark(11, 71, 6), store.markOf(peer));
            assertEquals(WriteMark.NONE, store.markOf(other));
        }
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(new WriteMark(11, 71, 6), store.markOf(peer));
            assertEquals(new WriteMark(12, 81, 7), store.markOf(other));
        }
    }

    @Test
    void whatRecoveryFoundIsInTablesBeforeItCounts() throws IOException {
        Path directory = temporary.resolve("rewritten");
        Path image = temporary.resolve("image");
        try (RocksDbStore store = TestStores.open(directory)) {
            store.write(List.of(new LogRecord.Promised(LOG, new Ballot(3, 1))));
            TestStores.copy(directory, image);
        }
        try (RocksDbStore store = TestStores.open(image)) {
            assertEquals(new Ballot(3, 1), store.recover(LOG).promised());
            assertEquals(0, Files.size(TestStores.newestWal(image)));
            assertFalse(TestStores.files(image.resolve("database"), ".sst").isEmpty());
        }
    }

    @Test
    void aStoreWhoseDirectoryDisappearsStops() throws IOException {
        Path directory = temporary.resolve("gone");
        try (RocksDbStore store = TestStores.open(directory)) {
            Files.move(directory.resolve("identity"), temporary.resolve("elsewhere"));
            List<LogRecord> promise = List.of(new LogRecord.Promised(LOG, new Ballot(1, 1)));
            StorageException first = assertThrows(StorageException.class, () -> store.write(promise));
            assertEquals(StorageException.Kind.IO, first.kind());
            List<LogRecord> unsynced = List.of(new LogRecord.ChosenThrough(LOG, 1));
            assertEquals(first, assertThrows(StorageException.class, () -> store.write(unsynced)));
            assertEquals(first, assertThrows(StorageException.class, () -> store.meet(NodeId.of(2), 5)));
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        RocksDbStore store = TestStores.open(temporary.resolve("closed"));
        store.write(List.of(new LogRecord.Accepted(LOG, 1, new Ballot(1, 1), Bytes.utf8("a"))));
        store.close();
        store.close();
        assertThrows(StorageException.class, () -> store.read(LOG, 1, 1, 1));
        List<LogRecord> write = List.of(new LogRecord.ChosenThrough(LOG, 1));
        assertThrows(StorageException.class, () -> store.write(write));
    }

    @Test
    void truncationGivesTheRoomBack() throws IOException, RocksDBException {
        Path directory = temporary.resolve("truncated");
        try (RocksDbStore store = TestStores.open(directory)) {
            for (int slot = 1; slot <= 300; slot++) {
                store.write(List.of(
                        new LogRecord.Learned(LOG, slot, new Ballot(1, 1), Bytes.wrap(new byte[100_000])),
                        new LogRecord.TruncatedBelow(LOG, Math.max(1, slot - 5))));
            }
            while (store.reclaimer.reclaim()) {
                Thread.onSpinWait();
            }
            long bytes = 0;
            for (Path file : TestStores.files(directory.resolve("database"), "")) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
            long held = bytes;
            assertTrue(held < 20 << 20, () -> "30 MB were written and 0.5 MB kept; on disk are " + held);
        }
    }
}
