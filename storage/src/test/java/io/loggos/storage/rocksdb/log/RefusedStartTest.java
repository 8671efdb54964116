package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.StorageException.Kind;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.storage.rocksdb.directory.StoreDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.RocksDBException;

/**
 * A start that is refused changes nothing: no byte, name, size or time of modification. When its cause is gone, the
 * store opens with all it had (RULES.md O-3).
 *
 * <p>The store is an image of one that was running: it has tables and a write-ahead log that was not yet replayed.
 */
class RefusedStartTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final LogId OTHER = LogId.ofName("payments");
    private static final Ballot BALLOT = new Ballot(4, 1);
    private static final int IN_TABLES = 40;
    private static final int WRITES = 80;

    @TempDir
    Path temporary;

    private Path directory;

    /** A damage to the files of a store. */
    private interface Damage {
        void to(Path store) throws IOException;
    }

    @BeforeEach
    void makeImage() throws IOException, RocksDBException {
        Path running = temporary.resolve("running");
        directory = temporary.resolve("store");
        try (RocksDbStore store = TestStores.open(running)) {
            write(store, 1, IN_TABLES);
        }
        try (RocksDbStore store = TestStores.open(running)) {
            write(store, IN_TABLES + 1, WRITES);
            store.write(List.of(new LogRecord.Promised(LOG, new Ballot(9, 2))));
            TestStores.copy(store, running, directory);
        }
    }

    private static void write(RocksDbStore store, int first, int last) {
        store.write(List.of(new LogRecord.Promised(LOG, BALLOT), new LogRecord.Promised(OTHER, BALLOT)));
        for (int slot = first; slot <= last; slot++) {
            store.write(List.of(new LogRecord.Accepted(LOG, slot, BALLOT, value(slot))));
        }
    }

    private static Bytes value(long slot) {
        return Bytes.utf8("value of slot %03d, ".formatted(slot).repeat(60));
    }

    private static Arguments damage(Kind kind, String what, Damage damage) {
        return Arguments.of(kind, what, damage);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage(Kind.SYNCED_DATA_LOST, "a bit in the middle of the write-ahead log", store -> {
                    Path wal = TestStores.newestWal(store);
                    TestStores.flipBit(wal, content(wal) / 2);
                }),
                damage(
                        Kind.SYNCED_DATA_LOST,
                        "the first bit of the write-ahead log",
                        store -> TestStores.flipBit(TestStores.newestWal(store), 0)),
                damage(Kind.SYNCED_DATA_LOST, "half of the write-ahead log", store -> {
                    Path wal = TestStores.newestWal(store);
                    Files.write(wal, Arrays.copyOf(Files.readAllBytes(wal), content(wal) / 2));
                }),
                damage(Kind.SYNCED_DATA_LOST, "no write-ahead log", store -> Files.delete(TestStores.newestWal(store))),
                damage(Kind.CORRUPT, "both slots of the fence", store -> {
                    TestStores.flipBit(store.resolve("fence"), 9);
                    TestStores.flipBit(store.resolve("fence"), 4096 + 9);
                }),
                damage(Kind.STORE_INCOMPLETE, "no fence", store -> Files.delete(store.resolve("fence"))),
                damage(Kind.STORE_INCOMPLETE, "no lock", store -> Files.delete(store.resolve("lock"))),
                damage(Kind.STORE_INCOMPLETE, "no identity", store -> Files.delete(store.resolve("identity"))),
                damage(Kind.STORE_INCOMPLETE, "no database", store -> Files.delete(store.resolve("database/CURRENT"))),
                damage(
                        Kind.CORRUPT,
                        "a bit of the identity",
                        store -> TestStores.flipBit(store.resolve("identity"), 6)),
                damage(
                        Kind.CORRUPT,
                        "a bit of the manifest",
                        store -> TestStores.flipBit(manifest(store), Files.size(manifest(store)) / 2)),
                damage(Kind.IO, "no manifest", store -> Files.delete(manifest(store))),
                damage(
                        Kind.CORRUPT,
                        "the name of the manifest",
                        store -> Files.writeString(store.resolve("database/CURRENT"), "nonsense")),
                damage(Kind.CORRUPT, "no tables", store -> {
                    for (Path table : TestStores.files(store.resolve("database"), ".sst")) {
                        Files.delete(table);
                    }
                }),
                damage(Kind.CORRUPT, "shorter tables", store -> {
                    for (Path table : TestStores.files(store.resolve("database"), ".sst")) {
                        byte[] bytes = Files.readAllBytes(table);
                        Files.write(table, Arrays.copyOf(bytes, bytes.length / 2));
                    }
                }),
                damage(Kind.CORRUPT, "both copies of the promise", RefusedStartTest::rotPromises));
    }

    /** Flips a bit in the first block of each table without entries, which holds the small records. */
    private static void rotPromises(Path store) throws IOException {
        int rotten = 0;
        for (Path table : TestStores.files(store.resolve("database"), ".sst")) {
            if (!new String(Files.readAllBytes(table), StandardCharsets.ISO_8859_1).contains("value of slot")) {
                TestStores.flipBit(table, 40);
                rotten++;
            }
        }
        assertEquals(2, rotten, "tables of small records");
    }

    private static Path manifest(Path store) throws IOException {
        return TestStores.files(store.resolve("database"), "").stream()
                .filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the number of bytes of a file up to the last that is not 0. */
    private static int content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        assertTrue(end > 1000, () -> file + " is empty");
        return end;
    }

    private RocksDbStore open(String cluster, int node, SortedSet<NodeId> members) {
        return RocksDbStore.open(
                directory, cluster, NodeId.of(node), members, TestStores.SMALL, new SplittableRandom(1));
    }

    private RocksDbStore open() {
        return open(TestStores.CLUSTER, TestStores.NODE.value(), TestStores.MEMBERS);
    }

    private interface Opening {
        RocksDbStore open();
    }

    /** Tries twice, so that the second attempt meets what the first has left. */
    private void assertRefused(Kind kind, Opening opening) throws IOException {
        SortedMap<String, String> before = TestStores.everything(directory);
        for (int attempt = 1; attempt <= 2; attempt++) {
            StorageException refused = assertThrows(StorageException.class, opening::open);
            assertEquals(kind, refused.kind(), refused.getMessage());
            assertEquals(before, TestStores.everything(directory), "after attempt " + attempt);
        }
    }

    private void assertNothingLost() {
        try (RocksDbStore store = open()) {
            List<LogEntry> entries = new ArrayList<>();
            for (int slot = 1; slot <= WRITES; slot++) {
                entries.add(LogEntry.of(slot, BALLOT, value(slot)));
            }
            assertEquals(new RecoveredLog(new Ballot(9, 2), 0, 1, entries, null), store.recover(LOG));
            assertEquals(BALLOT, store.recover(OTHER).promised());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("damages")
    void damageIsRefusedAndItsRepairSucceeds(Kind kind, String what, Damage damage) throws IOException {
        Map<Path, byte[]> sound = contents();
        damage.to(directory);

        assertRefused(kind, this::open);

        for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
        assertEquals(sound.keySet(), contents().keySet(), what);
        assertNothingLost();
    }

    private Map<Path, byte[]> contents() throws IOException {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                contents.put(path, Files.readAllBytes(path));
            }
        }
        return contents;
    }

    @Test
    void anotherOwnerIsRefused() throws IOException {
        assertRefused(Kind.OTHER_IDENTITY, () -> open("staging", 1, TestStores.MEMBERS));
        assertRefused(Kind.OTHER_IDENTITY, () -> open(TestStores.CLUSTER, 2, TestStores.MEMBERS));
        assertRefused(Kind.OTHER_IDENTITY, () -> open(TestStores.CLUSTER, 1, new TreeSet<>(List.of(TestStores.NODE))));
        assertNothingLost();
    }

    @Test
    void aDirectoryInUseIsRefused() throws IOException {
        try (StoreDirectory held = StoreDirectory.hold(directory)) {
            assertFalse(held.isBlank());
            assertRefused(Kind.LOCKED, this::open);
        }
        assertNothingLost();
    }
}
