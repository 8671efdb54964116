package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/**
 * Truncated slots are never seen again, and their space is released. A log that fills its tables alone is not
 * rewritten.
 */
class TruncationTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final Ballot BALLOT = new Ballot(1, 1);
    private static final int VALUE_BYTES = 16_000;
    private static final List<LogId> HUNDRED =
            IntStream.range(0, 100).mapToObj(i -> LogId.ofName("log " + i)).toList();

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("store");
    }

    private static LogRecord learned(LogId log, long slot) {
        return new LogRecord.Learned(log, slot, BALLOT, Bytes.wrap(new byte[VALUE_BYTES]));
    }

    /** Writes this many slots of 16 kB, 16 in each write, and truncates all but the last ones. */
    private static void fill(RocksDbStore store, int slots, int kept) throws RocksDBException {
        for (int slot = 1; slot <= slots; slot += 16) {
            List<LogRecord> records = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                records.add(learned(LOG, slot + i));
            }
            records.add(new LogRecord.TruncatedBelow(LOG, Math.max(1, slot + 16 - kept)));
            store.write(records);
            store.reclaimer.reclaim();
        }
    }

    /** Writes one slot to each of a hundred logs, and truncates them below another slot. */
    private static void writeToAll(RocksDbStore store, long slot, long below) {
        List<LogRecord> records = new ArrayList<>();
        for (LogId log : HUNDRED) {
            records.add(learned(log, slot));
            records.add(new LogRecord.TruncatedBelow(log, below));
        }
        store.write(records);
    }

    private static List<Long> slots(RocksDbStore store, LogId log) {
        return store.read(log, 1, Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                .map(LogEntry::slot)
                .toList();
    }

    private static void reclaimAll(RocksDbStore store) throws RocksDBException {
        for (int i = 0; i < 1000 && store.reclaimer.reclaim(); i++) {
            Thread.onSpinWait();
        }
    }

    private static long tableBytes(RocksDbStore store) {
        return EntryTables.of(store.database, List.of()).bytes();
    }

    /** Returns the number of gigabytes that compactions wrote to tables of entries. */
    private static double rewrittenGigabytes(RocksDbStore store) throws RocksDBException {
        return Double.parseDouble(store.database
                .db
                .getMapProperty(store.database.entries, "rocksdb.cfstats")
                .get("compaction.Sum.ReadGB"));
    }

    /** Copies the disk while background work is paused. */
    private Path image(RocksDbStore store, String name) throws IOException, RocksDBException {
        Path image = temporary.resolve(name);
        TestStores.copy(store, directory(), image);
        return image;
    }

    @Test
    void aLogThatFillsTablesNeedsNoTombstoneAndIsNeverRewritten() throws RocksDBException {
        long before;
        long after;
        try (RocksDbStore store = TestStores.open(directory())) {
            before = store.database.db.getLatestSequenceNumber();
            fill(store, 1600, 100);
            after = store.database.db.getLatestSequenceNumber();
            assertEquals(0, rewrittenGigabytes(store));
            assertTrue(
                    tableBytes(store) < 14 << 20, () -> "of 25 MB, 1.6 are kept; in tables are " + tableBytes(store));
            assertEquals(
                    IntStream.rangeClosed(1501, 1600).mapToObj(Long::valueOf).toList(), slots(store, LOG));
        }
        int marksAndLinksOfAWrite = 4;
        assertTrue(after - before <= 1600 + 100 * marksAndLinksOfAWrite, "a tombstone would be one row more");
    }

    @Test
    void roomOfAHundredSmallLogsComesBackWhileTheyGrow() throws RocksDBException {
        try (RocksDbStore store = TestStores.open(directory())) {
            for (int slot = 1; slot <= 60; slot++) {
                writeToAll(store, slot, Math.max(1, slot - 1));
                store.reclaimer.reclaim();
            }
            reclaimAll(store);
            assertTrue(
                    tableBytes(store) < 40 << 20, () -> "of 96 MB, 3.2 are kept; in tables are " + tableBytes(store));
            HUNDRED.forEach(log -> assertEquals(List.of(59L, 60L), slots(store, log)));
        }
    }

    @Test
    void roomOfAHundredSmallLogsComesBackThoughTheyAreIdleEverAfter() throws RocksDBException {
        try (RocksDbStore store = TestStores.open(directory())) {
            for (int slot = 1; slot <= 30; slot++) {
                writeToAll(store, slot, 1);
            }
            List<LogRecord> truncations = new ArrayList<>();
            HUNDRED.forEach(log -> truncations.add(new LogRecord.TruncatedBelow(log, 30)));
            store.write(truncations);
            reclaimAll(store);
            assertTrue(tableBytes(store) < 4 << 20, () -> "1.6 MB are kept; in tables are " + tableBytes(store));
            HUNDRED.forEach(log -> assertEquals(List.of(30L), slots(store, log)));
        }
        try (RocksDbStore store = TestStores.open(directory())) {
            HUNDRED.forEach(log -> assertEquals(List.of(30L), slots(store, log)));
        }
    }

    @Test
    void roomComesBackAfterARestartToo() throws IOException, RocksDBException {
        Path image;
        try (RocksDbStore store = TestStores.open(directory())) {
            for (int slot = 1; slot <= 30; slot++) {
                writeToAll(store, slot, 1);
            }
            synchronized (store.reclaimer) {
                List<LogRecord> truncations = new ArrayList<>();
                HUNDRED.forEach(log -> truncations.add(new LogRecord.TruncatedBelow(log, 30)));
                store.write(truncations);
                image = image(store, "truncated");
            }
        }
        try (RocksDbStore store = TestStores.open(image)) {
            reclaimAll(store);
            assertTrue(tableBytes(store) < 4 << 20, () -> "1.6 MB are kept; in tables are " + tableBytes(store));
        }
    }

    @Test
    void powerLostBetweenTheMarkAndTheTablesShowsNothingBelowTheMark() throws IOException, RocksDBException {
        Path kept;
        Path dropped;
        try (RocksDbStore store = TestStores.open(directory())) {
            fill(store, 640, 640);
            synchronized (store.reclaimer) {
                store.write(List.of(new LogRecord.TruncatedBelow(LOG, 600)));
                kept = image(store, "kept");
            }
            reclaimAll(store);
            dropped = image(store, "dropped");
        }
        List<Long> expected =
                IntStream.rangeClosed(600, 640).mapToObj(Long::valueOf).toList();
        for (Path image : List.of(kept, dropped)) {
            try (RocksDbStore store = TestStores.open(image)) {
                assertEquals(expected, slots(store, LOG));
                assertEquals(600, store.recover(LOG).truncatedBelow());
                assertEquals(599, store.recover(LOG).chosenThrough());
                assertEquals(
                        expected,
                        store.recover(LOG).open().stream().map(LogEntry::slot).toList());
                store.write(List.of(learned(LOG, 7)));
                reclaimAll(store);
                assertEquals(expected, slots(store, LOG));
            }
        }
        long least = bytesOf(TestStores.files(dropped.resolve("database"), ".sst"));
        long most = bytesOf(TestStores.files(kept.resolve("database"), ".sst"));
        assertTrue(most <= least + (1 << 20), () -> "what was not dropped before is dropped after: " + most);
    }

    private static long bytesOf(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void noTableGoesBeforeItsMarkIsKnownToBeDurable() throws IOException, RocksDBException {
        try (RocksDbStore store = TestStores.open(directory())) {
            fill(store, 640, 640);
            store.write(List.of(new LogRecord.TruncatedBelow(LOG, 2)));
            // The write itself succeeds. The step after it fails, so the store does not know that the mark is
            // durable.
            Files.move(directory().resolve("identity"), temporary.resolve("elsewhere"));
            List<LogRecord> truncation =
                    List.of(new LogRecord.Promised(LOG, BALLOT), new LogRecord.TruncatedBelow(LOG, 640));
            assertThrows(StorageException.class, () -> store.write(truncation));
            reclaimAll(store);
            assertEquals(639, slots(store, LOG).size());
        }
    }
}
