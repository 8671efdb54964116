package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import io.loggos.storage.testkit.RandomLogWork;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;

/**
 * Disk images after a power loss (RULES.md F-1 to F-3, F-9, P-4). The store is copied while it is open, and the
 * write-ahead log of the copy is cut or garbled. Behind the last sync any damage is legal. The recovered state must
 * then be the model's state after some write since that sync. Damage before the last sync must be reported by the
 * store.
 */
class PowerLossTest {
    private static final List<LogId> LOGS = List.of(LogId.ofName("a"), LogId.ofName("b"));

    @TempDir
    Path temporary;

    private final List<List<LogRecord>> written = new ArrayList<>();
    /** Number of writes that are certainly synced. */
    private int syncedWrites;

    private long syncedBytes;

    private void write(RocksDbStore store, List<LogRecord> records) throws IOException {
        store.write(records);
        written.add(records);
        if (records.stream().anyMatch(LogRecord::synced)) {
            syncedWrites = written.size();
            syncedBytes = Files.size(TestStores.newestWal(store()));
        }
    }

    private Path store() {
        return temporary.resolve("store");
    }

    /** The content of all logs: the recovered state and all entries. */
    private record Held(List<RecoveredLog> recovered, List<List<LogEntry>> entries) {
        static Held of(AcceptorLog log) {
            return new Held(
                    LOGS.stream().map(log::recover).toList(),
                    LOGS.stream()
                            .map(id -> log.read(id, 1, Long.MAX_VALUE, Integer.MAX_VALUE))
                            .toList());
        }
    }

    /** Returns the states that may be recovered: the one after each write, from the last synced write on. */
    private List<Held> legal() {
        MemoryAcceptorLog model = new MemoryAcceptorLog(1);
        written.subList(0, syncedWrites).forEach(model::write);
        List<Held> legal = new ArrayList<>(List.of(Held.of(model)));
        for (List<LogRecord> write : written.subList(syncedWrites, written.size())) {
            model.write(write);
            legal.add(Held.of(model));
        }
        return legal;
    }

    private static void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatWasSyncedIsThereWhateverBecameOfTheRest(long seed) throws IOException, RocksDBException {
        SplittableRandom random = new SplittableRandom(seed);
        RandomLogWork work = new RandomLogWork(random, LOGS);
        try (RocksDbStore store = TestStores.open(store())) {
            for (int image = 0; image < 6; image++) {
                for (int i = random.nextInt(1, 20); i > 0; i--) {
                    write(store, work.nextWrite());
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    write(store, work.nextUnsyncedWrite());
                }
                Path copy = temporary.resolve("image-" + image);
                TestStores.copy(store, store(), copy);
                Path wal = TestStores.newestWal(copy);
                long length = Files.size(wal);
                boolean whole = random.nextInt(4) == 0;
                if (!whole) {
                    cut(wal, random.nextLong(syncedBytes, length + 1));
                    if (random.nextBoolean() && Files.size(wal) > syncedBytes) {
                        TestStores.flipBit(wal, random.nextLong(syncedBytes, Files.size(wal)));
                    }
                }
                checkImage(copy, whole, "seed " + seed + ", image " + image);
            }
        }
    }

    private void checkImage(Path image, boolean whole, String where) {
        List<Held> legal = legal();
        Held held;
        try (RocksDbStore recovered = TestStores.open(image)) {
            held = Held.of(recovered);
            assertTrue(legal.contains(held), () -> where + ": not a state since the last sync");
            if (whole) {
                assertEquals(legal.get(legal.size() - 1), held, where);
            }
            recovered.write(List.of(new LogRecord.Promised(LOGS.get(0), new Ballot(1L << 40, 1))));
        }
        try (RocksDbStore again = TestStores.open(image)) {
            assertEquals(held.entries, Held.of(again).entries, where);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lossOfWhatWasSyncedIsNoticed(long seed) throws IOException, RocksDBException {
        SplittableRandom random = new SplittableRandom(seed);
        RandomLogWork work = new RandomLogWork(random, LOGS);
        try (RocksDbStore store = TestStores.open(store())) {
            for (int i = 0; i < 30; i++) {
                write(store, work.nextWrite());
            }
            write(store, List.of(new LogRecord.Promised(LOGS.get(0), new Ballot(1L << 40, 1))));
            Path shorter = temporary.resolve("cut");
            TestStores.copy(store, store(), shorter);
            cut(TestStores.newestWal(shorter), random.nextLong(syncedBytes));
            assertLost(shorter);
            Path garbled = temporary.resolve("garbled");
            TestStores.copy(store, store(), garbled);
            TestStores.flipBit(TestStores.newestWal(garbled), random.nextLong(syncedBytes));
            assertLost(garbled);
            Path removed = temporary.resolve("removed");
            TestStores.copy(store, store(), removed);
            Files.delete(TestStores.newestWal(removed));
            assertLost(removed);
        }
    }

    /** A reused file of the write-ahead log still holds old content behind its new end. */
    @Test
    void whatAFileHeldBeforeIsNotTakenForItsTail() throws IOException, RocksDBException {
        LogId log = LOGS.get(0);
        Bytes large = Bytes.wrap(new byte[64 << 10]);
        try (RocksDbStore store = TestStores.open(store())) {
            long slot = 0;
            Path wal;
            long length;
            do {
                wal = TestStores.newestWal(store());
                length = Files.size(wal);
                write(store, List.of(new LogRecord.Accepted(log, ++slot, new Ballot(1, 1), large)));
                assertTrue(slot < 1000, "no file is used again");
            } while (!TestStores.newestWal(store()).equals(wal) || Files.size(wal) > length);
            byte[] before = Files.readAllBytes(wal);
            write(store, List.of(new LogRecord.Promised(log, new Ballot(2, 1))));
            int end = Arrays.mismatch(before, Files.readAllBytes(wal));
            assertTrue(end > 0 && Files.size(wal) == before.length, "the file is overwritten");

            Path copy = temporary.resolve("whole");
            TestStores.copy(store, store(), copy);
            checkImage(copy, true, "slot " + slot);
            Path garbled = temporary.resolve("garbled");
            TestStores.copy(store, store(), garbled);
            TestStores.flipBit(TestStores.newestWal(garbled), end);
            assertLost(garbled);
        }
    }

    private static void assertLost(Path image) {
        StorageException refused = assertThrows(StorageException.class, () -> TestStores.open(image));
        assertEquals(StorageException.Kind.SYNCED_DATA_LOST, refused.kind(), refused.getMessage());
    }
}
