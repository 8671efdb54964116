package io.loggos.storage.rocksdb.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.StorageException.Kind;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import io.loggos.storage.rocksdb.log.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner of a directory is checked, and a refused directory is left unchanged (RULES.md F-8, F-18, F-20). */
class StoreDirectoryTest {
    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeStore() {
        directory = temporary.resolve("deep").resolve("store");
        TestStores.open(directory).close();
    }

    private StorageException refused(Kind kind, String cluster, int node) throws IOException {
        SortedMap<String, String> before = TestStores.everything(directory);
        StorageException refusal = assertThrows(
                StorageException.class,
                () -> RocksDbStore.open(
                        directory,
                        cluster,
                        NodeId.of(node),
                        TestStores.MEMBERS,
                        TestStores.SMALL,
                        new SplittableRandom(1)));
        assertEquals(kind, refusal.kind(), refusal.getMessage());
        assertEquals(before, TestStores.everything(directory));
        return refusal;
    }

    private StorageException refused(Kind kind) throws IOException {
        return refused(kind, TestStores.CLUSTER, TestStores.NODE.value());
    }

    @Test
    void clusterOfOtherMembersIsRefused() throws IOException {
        try (RocksDbStore store = TestStores.open(directory)) {
            store.write(List.of(new LogRecord.Promised(new LogId(7), new Ballot(1, TestStores.NODE.value()))));
        }
        SortedMap<String, String> before = TestStores.everything(directory);
        StorageException refusal = assertThrows(
                StorageException.class,
                () -> RocksDbStore.open(
                        directory,
                        TestStores.CLUSTER,
                        TestStores.NODE,
                        new TreeSet<>(List.of(TestStores.NODE)),
                        TestStores.SMALL,
                        new SplittableRandom(1)));
        assertEquals(Kind.OTHER_IDENTITY, refusal.kind());
        String text = String.valueOf(refusal.getMessage());
        assertTrue(text.contains("[n1, n2, n3]") && text.contains("[n1]"), text);
        assertEquals(before, TestStores.everything(directory));
        TestStores.open(directory).close();
    }

    @Test
    void anotherNodeOrClusterIsRefusedByName() throws IOException {
        String node = refused(Kind.OTHER_IDENTITY, TestStores.CLUSTER, 2).getMessage();
        assertTrue(node.contains("n1") && node.contains("n2"), node);
        String cluster = refused(Kind.OTHER_IDENTITY, "staging", 1).getMessage();
        assertTrue(cluster.contains("'test'") && cluster.contains("'staging'"), cluster);
        assertTrue(cluster.contains("Nothing was changed"), cluster);
        TestStores.open(directory).close();
    }

    @Test
    void oneStoreIsOpenOnceAtATime() {
        try (RocksDbStore store = TestStores.open(directory)) {
            StorageException refusal = assertThrows(StorageException.class, () -> TestStores.open(directory));
            assertEquals(Kind.LOCKED, refusal.kind());
            Path sameByAnotherName = directory.resolve("..").resolve("store");
            refusal = assertThrows(StorageException.class, () -> TestStores.open(sameByAnotherName));
            assertEquals(Kind.LOCKED, refusal.kind());
            assertTrue(store.incarnation() > 0);
        }
        TestStores.open(directory).close();
    }

    @Test
    void aDirectoryThatIsNoStoreIsNotFormatted() throws IOException {
        Path other = temporary.resolve("photos");
        Files.createDirectories(other);
        Files.writeString(other.resolve("cat.jpg"), "a cat");
        directory = other;
        refused(Kind.STORE_INCOMPLETE);
    }

    @Test
    void aStoreThatLostAPartIsRefused() throws IOException {
        for (String part : new String[] {"identity", "fence", "lock"}) {
            Path away = temporary.resolve(part);
            Files.move(directory.resolve(part), away);
            assertTrue(refused(Kind.STORE_INCOMPLETE).getMessage().contains("'" + part + "'"));
            Files.move(away, directory.resolve(part));
        }
        Files.move(directory.resolve("database"), temporary.resolve("database"));
        refused(Kind.STORE_INCOMPLETE);
    }

    /** Crash points F0 to F2: nothing was ever sent from a store that is not finished, so it is made anew. */
    @Test
    void aStoreWhoseMakingWasInterruptedIsMadeAnew() throws IOException {
        Files.move(directory.resolve("identity"), directory.resolve("identity.unfinished"));
        Files.createFile(directory.resolve("making"));
        TestStores.open(directory).close();
        TestStores.open(directory).close();
        assertFalse(Files.exists(directory.resolve("making")));

        Path locked = temporary.resolve("locked");
        Files.createDirectories(locked);
        Files.createFile(locked.resolve("lock"));
        TestStores.open(locked).close();
    }

    /** The mark is removed after the identity is durable; a crash between the two changes nothing. */
    @Test
    void aFinishedStoreThatIsStillMarkedIsKept() throws IOException {
        long incarnation;
        try (RocksDbStore store = TestStores.open(directory)) {
            incarnation = store.incarnation();
        }
        Files.createFile(directory.resolve("making"));
        try (RocksDbStore store = TestStores.open(directory)) {
            assertEquals(incarnation, store.incarnation());
        }
    }

    /** A first start with a wrong list of members can be repeated with the right one. */
    @Test
    void aStoreFromWhichNothingWasPromisedTakesOtherMembers() {
        SortedSet<NodeId> others = new TreeSet<>(List.of(TestStores.NODE, NodeId.of(8), NodeId.of(9)));
        long incarnation;
        try (RocksDbStore store = openAmong(others)) {
            incarnation = store.incarnation();
            store.register(new LogId(7), "a log");
        }
        try (RocksDbStore store = openAmong(TestStores.MEMBERS)) {
            assertEquals(incarnation, store.incarnation());
            store.write(List.of(new LogRecord.Promised(new LogId(7), new Ballot(1, TestStores.NODE.value()))));
        }
        assertEquals(
                Kind.OTHER_IDENTITY,
                assertThrows(StorageException.class, () -> openAmong(others)).kind());
        openAmong(TestStores.MEMBERS).close();
    }

    private RocksDbStore openAmong(SortedSet<NodeId> members) {
        return RocksDbStore.open(
                directory, TestStores.CLUSTER, TestStores.NODE, members, TestStores.SMALL, new SplittableRandom(1));
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        Bytes body = new ByteWriter(32).putInt(2).putText("whatever comes").toBytes();
        CRC32C crc = new CRC32C();
        crc.update(body.asByteBuffer());
        Bytes file =
                new ByteWriter(32).putRaw(body).putInt((int) crc.getValue()).toBytes();
        Files.write(directory.resolve("identity"), file.toByteArray());
        refused(Kind.OTHER_FORMAT);
    }

    @Test
    void anIdentityThatRottedIsRefused() throws IOException {
        TestStores.flipBit(directory.resolve("identity"), 6);
        refused(Kind.CORRUPT);
        Files.write(directory.resolve("identity"), new byte[0]);
        refused(Kind.CORRUPT);
    }

    @Test
    void oneSlotOfTheFenceIsEnough() throws IOException {
        TestStores.flipBit(directory.resolve("fence"), 9);
        TestStores.open(directory).close();
        TestStores.flipBit(directory.resolve("fence"), 4096 + 9);
        TestStores.open(directory).close();
        TestStores.flipBit(directory.resolve("fence"), 9);
        TestStores.flipBit(directory.resolve("fence"), 4096 + 9);
        refused(Kind.CORRUPT);
    }

    @Test
    void theFenceOfAnotherStoreIsNoticed() throws IOException {
        Path other = temporary.resolve("other");
        RocksDbStore.open(
                        other,
                        TestStores.CLUSTER,
                        TestStores.NODE,
                        TestStores.MEMBERS,
                        TestStores.SMALL,
                        new SplittableRandom(2))
                .close();
        Files.copy(other.resolve("fence"), directory.resolve("fence"), StandardCopyOption.REPLACE_EXISTING);
        StorageException refusal = assertThrows(StorageException.class, () -> TestStores.open(directory));
        assertEquals(Kind.SYNCED_DATA_LOST, refusal.kind());
    }

    @Test
    void aWipedStoreIsAnotherIncarnation() {
        Path first = temporary.resolve("first");
        Path second = temporary.resolve("second");
        SplittableRandom random = new SplittableRandom(9);
        try (RocksDbStore one = RocksDbStore.open(
                        first, TestStores.CLUSTER, TestStores.NODE, TestStores.MEMBERS, TestStores.SMALL, random);
                RocksDbStore other = RocksDbStore.open(
                        second, TestStores.CLUSTER, TestStores.NODE, TestStores.MEMBERS, TestStores.SMALL, random)) {
            assertNotEquals(one.incarnation(), other.incarnation());
        }
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = temporary.resolve("file");
        Files.writeString(file, "text");
        StorageException refusal = assertThrows(StorageException.class, () -> TestStores.open(file));
        assertEquals(Kind.IO, refusal.kind());
        refusal = assertThrows(StorageException.class, () -> TestStores.open(file.resolve("below")));
        assertEquals(Kind.IO, refusal.kind());
        assertEquals("text", Files.readString(file));
    }
}
