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
