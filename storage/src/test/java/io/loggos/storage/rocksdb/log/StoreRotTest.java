package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.storage.rocksdb.record.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;

/** Bits that change on the disk (RULES.md F-12, F-13). A slot never becomes empty, and a promise never changes. */
class StoreRotTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final Ballot BALLOT = new Ballot(4, 1);
    private static final int SLOTS = 100;

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeStoreWithTables() {
        directory = temporary.resolve("store");
        try (RocksDbStore store = TestStores.open(directory)) {
            List<LogRecord> records = new ArrayList<>(List.of(new LogRecord.Promised(LOG, BALLOT)));
            for (int slot = 1; slot <= SLOTS; slot++) {
                records.add(new LogRecord.Accepted(LOG, slot, BALLOT, value(slot)));
            }
            store.write(records);
        }
        TestStores.open(directory).close(); // replays the write-ahead log into tables
    }

    private static Bytes value(long slot) {
        return Bytes.utf8(
                String.format(Locale.ROOT, "value of slot %03d, ", slot).repeat(60));
    }

    private static List<LogEntry> readAll(RocksDbStore store) {
        return store.read(LOG, 1, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    private interface Change {
        void in(LogDatabase database) throws RocksDBException;
    }

    private void change(Change change) throws RocksDBException {
        try (LogDatabase database = LogDatabase.open(directory.resolve("database"), TestStores.SMALL)) {
            change.in(database);
        }
    }

    private static void rot(LogDatabase database, ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        byte[] value = database.db.get(family, key);
        value[value.length / 2] ^= 4;
        database.db.put(family, key, value);
    }

    @Test
    void aRottenBlockMakesItsSlotsFaultyAndLeavesTheOthers() throws IOException {
        byte[] mark = value(50).toByteArray();
        int hits = 0;
        for (Path table : TestStores.files(directory.resolve("database"), ".sst")) {
            int at = new String(Files.readAllBytes(table), StandardCharsets.ISO_8859_1)
                    .indexOf(new String(mark, StandardCharsets.ISO_8859_1));
            if (at >= 0) {
                TestStores.flipBit(table, at + 500);
                hits++;
            }
        }
        assertEquals(1, hits);
        try (RocksDbStore store = TestStores.open(directory)) {
            List<LogEntry> entries = readAll(store);
            assertEquals(SLOTS, entries.size());
            assertEquals(entries, store.recover(LOG).open());
            assertEquals(LogEntry.faultyAt(50), entries.get(49));
            long faulty = 0;
            for (LogEntry entry : entries) {
                faulty += entry.faulty() ? 1 : 0;
                assertTrue(entry.faulty() || entry.equals(LogEntry.of(entry.slot(), BALLOT, value(entry.slot()))));
            }
            assertTrue(faulty < SLOTS / 2, "a block is a small part of a table");
            store.write(List.of(new LogRecord.Learned(LOG, 50, BALLOT, value(50))));
            assertEquals(List.of(LogEntry.of(50, BALLOT, value(50))), store.read(LOG, 50, 50, 0));
        }
    }

    @Test
    void aBlockAtTheEndOfTheLogIsFaultyToo() throws IOException {
        for (Path table : TestStores.files(directory.resolve("database"), ".sst")) {
            int at = new String(Files.readAllBytes(table), StandardCharsets.ISO_8859_1).lastIndexOf("slot 100,");
            if (at >= 0) {
                TestStores.flipBit(table, at);
            }
        }
        try (RocksDbStore store = TestStores.open(directory)) {
            List<LogEntry> open = store.recover(LOG).open();
            assertEquals(LogEntry.faultyAt(SLOTS), open.get(SLOTS - 1));
            assertTrue(open.size() < SLOTS + 32, "where the log ended cannot be told to the slot");
            assertTrue(open.subList(SLOTS, open.size()).stream().allMatch(LogEntry::faulty));
        }
    }

    @Test
    void aRecordThatDoesNotCheckIsFaulty() throws RocksDBException {
        change(database -> {
            rot(database, database.entries, Keys.entry(LOG, 7));
            database.db.put(database.entries, Keys.entry(LOG, 8), new byte[3]);
            byte[] misplaced = database.db.get(database.entries, Keys.entry(LOG, 10));
            database.db.put(database.entries, Keys.entry(LOG, 9), misplaced);
        });
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(
                    List.of(
                            LogEntry.of(6, BALLOT, value(6)),
                            LogEntry.faultyAt(7),
                            LogEntry.faultyAt(8),
                            LogEntry.faultyAt(9),
                            LogEntry.of(10, BALLOT, value(10))),
                    store.read(LOG, 6, 10, Integer.MAX_VALUE));
        }
    }

    @Test
    void oneSoundCopyOfThePromiseIsEnoughAndMendsTheOther() throws RocksDBException {
        byte[] key = TestStores.marksKey(LOG);
        change(database -> rot(database, database.small, key));
        TestStores.open(directory).close();
        change(database -> rot(database, database.mirror, key)); // enough only if the first copy was repaired
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(BALLOT, store.recover(LOG).promised());
        }
        change(database -> database.db.delete(database.small, key));
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(BALLOT, store.recover(LOG).promised());
        }
    }

    @Test
    void aLogThatForgotItsPromiseIsRefusedAndTheOthersGoOn() throws RocksDBException {
        LogId sound = LogId.ofName("sound");
        byte[] key = TestStores.marksKey(LOG);
        change(database -> {
            rot(database, database.small, key);
            rot(database, database.mirror, key);
        });
        try (RocksDbStore store = TestStores.open(directory)) {
            StorageException corrupt = assertThrows(StorageException.class, () -> store.recover(LOG));
            assertEquals(StorageException.Kind.CORRUPT, corrupt.kind());
            assertTrue(corrupt.getMessage().contains(LOG.toString()));
            assertThrows(StorageException.class, () -> store.read(LOG, 1, 2, 3));
            store.write(List.of(new LogRecord.Promised(sound, BALLOT)));
            assertEquals(BALLOT, store.recover(sound).promised());
            List<LogRecord> amnesiac = List.of(new LogRecord.Promised(LOG, BALLOT));
            assertThrows(StorageException.class, () -> store.write(amnesiac));
        }
    }

    @Test
    void aRottenTableOfTheFirstCopyLosesNothing() throws IOException, RocksDBException {
        Path[] table = new Path[1];
        change(database -> database.db.getLiveFilesMetaData().stream()
                .filter(file -> new String(file.columnFamilyName(), StandardCharsets.UTF_8).equals("default"))
                .forEach(file -> table[0] =
                        directory.resolve("database").resolve(file.fileName().substring(1))));
        TestStores.flipBit(table[0], 40);
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(BALLOT, store.recover(LOG).promised());
            assertFalse(readAll(store).isEmpty());
        }
    }
}
