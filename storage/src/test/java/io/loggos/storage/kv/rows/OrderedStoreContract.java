package io.loggos.storage.kv.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of {@link OrderedStore}. Extend it to test an implementation. */
public abstract class OrderedStoreContract {
    @TempDir
    protected Path directory;

    protected OrderedStore store;

    /** Returns a new, empty store. */
    protected abstract OrderedStore open(Path at);

    @BeforeEach
    void openStore() {
        store = open(directory.resolve("store"));
    }

    @AfterEach
    void closeStore() {
        store.close();
        store.close();
    }

    @Test
    void rowsAreReadBack() {
        put(Table.CURRENT, "a", "1");
        assertEquals(Bytes.utf8("1"), store.get(Table.CURRENT, Bytes.utf8("a")));
        assertNull(store.get(Table.CURRENT, Bytes.utf8("b")));
        assertNull(store.get(Table.HISTORY, Bytes.utf8("a")));
        assertEquals(Bytes.utf8("1"), store.get(Table.CURRENT, Bytes.utf8("xay").slice(1, 1)));
    }

    @Test
    void laterChangesOfABatchWin() {
        Bytes key = Bytes.utf8("k");
        store.apply(new StoreBatch()
                .put(Table.META, key, Bytes.utf8("1"))
                .delete(Table.META, key)
                .put(Table.META, key, Bytes.utf8("2")));
        assertEquals(Bytes.utf8("2"), store.get(Table.META, key));
        store.apply(new StoreBatch().put(Table.META, key, Bytes.utf8("3")).delete(Table.META, key));
        assertNull(store.get(Table.META, key));
    }

    @Test
    void largeAndEmptyValuesAreReadBack() {
        Bytes large = Bytes.wrap(new byte[3 << 20]);
        Bytes longKey = Bytes.wrap(new byte[100_000]);
        store.apply(
                new StoreBatch().put(Table.CURRENT, longKey, Bytes.EMPTY).put(Table.CURRENT, Bytes.utf8("k"), large));
        assertEquals(Bytes.EMPTY, store.get(Table.CURRENT, longKey));
        assertEquals(large, store.get(Table.CURRENT, Bytes.utf8("k")));
    }

    @Test
    void scansGoInTheOrderOfUnsignedBytes() {
        for (String key : List.of("b", "a", "ab", "c", "é")) {
            put(Table.EVENTS, key, key);
        }
        assertEquals(List.of("a", "ab", "b", "c", "é"), scan("", null, 9));
        assertEquals(List.of("ab", "b"), scan("ab", "c", 9));
        assertEquals(List.of("a", "ab"), scan("", null, 2));
        assertEquals(List.of(), scan("c", "b", 9));
        assertEquals(List.of(), scan("b", "b", 9));
        assertEquals(2, store.count(Table.EVENTS, Bytes.utf8("ab"), Bytes.utf8("c"), Long.MAX_VALUE));
        assertEquals(5, store.count(Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
        assertEquals(0, store.count(Table.EVENTS, Bytes.utf8("c"), Bytes.utf8("b"), Long.MAX_VALUE));
        assertEquals(0, store.count(Table.HISTORY, Bytes.EMPTY, null, Long.MAX_VALUE));
    }

    @Test
    void aCountStopsAtItsBound() {
        for (int i = 0; i < 9; i++) {
            put(Table.EVENTS, "k" + i, "v");
        }
        assertEquals(4, store.count(Table.EVENTS, Bytes.EMPTY, null, 4));
        assertEquals(9, store.count(Table.EVENTS, Bytes.EMPTY, null, 10));
    }

    @Test
    void aSnapshotKeepsTheRowsOfItsMoment() {
        put(Table.EVENTS, "a", "1");
        put(Table.EVENTS, "b", "1");
        try (RowsSnapshot snapshot = store.snapshot()) {
            put(Table.EVENTS, "a", "2");
            put(Table.EVENTS, "c", "2");
            store.apply(new StoreBatch().delete(Table.EVENTS, Bytes.utf8("b")));
            List<String> seen = new ArrayList<>();
            CompletableFuture.runAsync(() -> snapshot.scan(
                            Table.EVENTS, Bytes.EMPTY, null, (key, value) -> seen.add(key.toUtf8() + value.toUtf8())))
                    .join();
            assertEquals(List.of("a1", "b1"), seen);
            assertEquals(Bytes.utf8("1"), snapshot.get(Table.EVENTS, Bytes.utf8("b")));
            assertNull(snapshot.get(Table.EVENTS, Bytes.utf8("c")));
            assertEquals(2, snapshot.count(Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
            assertEquals(Bytes.utf8("2"), store.get(Table.EVENTS, Bytes.utf8("a")));
        }
    }

    @Test
    void aSnapshotEndsWithItsCloseWithARestoreAndWithTheStore() throws IOException {
        put(Table.EVENTS, "a", "1");
        RowsSnapshot closed = store.snapshot();
        closed.close();
        closed.close();
        assertEnded(closed);
        RowsSnapshot restored = store.snapshot();
        store.restore(write(store.checkpoint(), "checkpoint"));
        assertEnded(restored);
        restored.close();
        RowsSnapshot last = store.snapshot();
        assertEquals(1, last.count(Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
        store.close();
        assertEnded(last);
        last.close();
    }

    @Test
    void closingTheStoreEndsAScanOfASnapshotThatIsUnderWay() throws Exception {
        for (int i = 0; i < 100; i++) {
            put(Table.EVENTS, "k" + i, "v");
        }
        RowsSnapshot snapshot = store.snapshot();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> scan = CompletableFuture.runAsync(() -> {
            while (true) {
                snapshot.scan(Table.EVENTS, Bytes.EMPTY, null, (key, value) -> {
                    begun.countDown();
                    return true;
                });
            }
        });
        begun.await();
        store.close();
        assertInstanceOf(
                RowsSnapshot.SnapshotEndedException.class,
                assertThrows(ExecutionException.class, scan::get).getCause());
    }

    private static void assertEnded(RowsSnapshot snapshot) {
        assertThrows(RowsSnapshot.SnapshotEndedException.class, () -> snapshot.get(Table.EVENTS, Bytes.utf8("a")));
        assertThrows(
                RowsSnapshot.SnapshotEndedException.class,
                () -> snapshot.scan(Table.EVENTS, Bytes.EMPTY, null, (key, value) -> true));
    }

    @Test
    void rangesAreDeleted() {
        for (String key : List.of("a", "b", "c", "d")) {
            put(Table.EVENTS, key, key);
            put(Table.HISTORY, key, key);
        }
        store.apply(new StoreBatch().deleteRange(Table.EVENTS, Bytes.utf8("b"), Bytes.utf8("d")));
        assertEquals(List.of("a", "d"), scan("", null, 9));
        assertEquals(4, store.count(Table.HISTORY, Bytes.EMPTY, null, Long.MAX_VALUE));
    }

    @Test
    void aBatchCanBeUsedAgain() {
        StoreBatch batch = new StoreBatch();
        for (int i = 0; i < 1000; i++) {
            batch.put(Table.EVENTS, Bytes.utf8("k" + i), Bytes.utf8("v"));
        }
        assertEquals(1000, batch.size());
        store.apply(batch);
        batch.clear();
        assertTrue(batch.isEmpty());
        assertEquals(0, batch.sizeBytes());
        batch.put(Table.EVENTS, Bytes.utf8("z"), Bytes.utf8("v"));
        store.apply(batch);
        assertEquals(1001, store.count(Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
    }

    @Test
    void aCheckpointHoldsWhatWasThereWhenItWasTaken() throws IOException {
        put(Table.CURRENT, "a", "1");
        put(Table.META, "m", "1");
        CheckpointWriter first = store.checkpoint();
        put(Table.CURRENT, "a", "2");
        CheckpointWriter second = store.checkpoint();
        put(Table.CURRENT, "a", "3");
        Path firstFiles = write(first, "first");
        Path secondFiles = write(second, "second");
        assertEquals(Bytes.utf8("3"), store.get(Table.CURRENT, Bytes.utf8("a")));
        store.restore(firstFiles);
        assertEquals(Bytes.utf8("1"), store.get(Table.CURRENT, Bytes.utf8("a")));
        assertEquals(Bytes.utf8("1"), store.get(Table.META, Bytes.utf8("m")));
        store.restore(secondFiles);
        assertEquals(Bytes.utf8("2"), store.get(Table.CURRENT, Bytes.utf8("a")));
    }

    @Test
    void aCheckpointIsPlainFilesAndRestoringOnlyReadsThem() throws IOException {
        put(Table.CURRENT, "a", "1");
        Path files = write(store.checkpoint(), "checkpoint");
        List<String> before = contents(files);
        store.restore(files);
        put(Table.CURRENT, "a", "2");
        write(store.checkpoint(), "another");
        assertEquals(before, contents(files));
        try (Stream<Path> entries = Files.list(files)) {
            assertTrue(entries.allMatch(Files::isRegularFile));
        }
        try (OrderedStore other = open(directory.resolve("other"))) {
            other.restore(files);
            assertEquals(Bytes.utf8("1"), other.get(Table.CURRENT, Bytes.utf8("a")));
        }
    }

    @Test
    void aCheckpointIsWrittenBesideLaterChanges() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            put(Table.CURRENT, "key-" + i, "before");
        }
        CheckpointWriter writer = store.checkpoint();
        CompletableFuture<Path> written = CompletableFuture.supplyAsync(() -> {
            try {
                return write(writer, "beside");
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            put(Table.CURRENT, "key-" + i, "after");
        }
        Path files = written.join();
        assertEquals(Bytes.utf8("after"), store.get(Table.CURRENT, Bytes.utf8("key-7")));
        store.restore(files);
        assertEquals(20_000, store.count(Table.CURRENT, Bytes.EMPTY, null, Long.MAX_VALUE));
        store.scan(Table.CURRENT, Bytes.EMPTY, null, (key, value) -> {
            assertEquals(Bytes.utf8("before"), value);
            return true;
        });
    }

    @Test
    void whatIsNoCheckpointIsNotRestored() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThrows(IOException.class, () -> store.restore(empty));
    }

    @Test
    void theSizeGrowsWithTheRows() {
        long before = store.sizeBytes();
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.wrap(new byte[1 << 20])));
        assertTrue(store.sizeBytes() >= before + (1 << 20));
    }

    @Test
    void defragmentingGivesTheSpaceOfDeletedRowsBackAndKeepsTheOthers() {
        for (int i = 0; i < 64; i++) {
            byte[] value = new byte[64 << 10];
            new Random(i).nextBytes(value);
            store.apply(new StoreBatch().put(Table.EVENTS, Bytes.utf8("k" + i), Bytes.wrap(value)));
        }
        store.defragment();
        long before = store.sizeBytes();
        for (int i = 1; i < 64; i++) {
            store.apply(new StoreBatch().delete(Table.EVENTS, Bytes.utf8("k" + i)));
        }
        store.defragment();
        assertTrue(store.sizeBytes() < before / 2, () -> before + " bytes became " + store.sizeBytes());
        assertTrue(store.sizeInUseBytes() <= store.sizeBytes());
        assertEquals(
                64 << 10,
                Objects.requireNonNull(store.get(Table.EVENTS, Bytes.utf8("k0")))
                        .size());
    }

    @Test
    void closingTheStoreEndsADefragmentation() {
        store.apply(new StoreBatch().put(Table.EVENTS, Bytes.utf8("k"), Bytes.utf8("v")));
        CompletableFuture<Void> defragmented = CompletableFuture.runAsync(() -> {
            try {
                while (true) {
                    store.defragment();
                }
            } catch (IllegalStateException closed) {
                // That is the end.
            }
        });
        store.close();
        defragmented.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        assertThrows(IllegalStateException.class, () -> store.get(Table.CURRENT, Bytes.utf8("a")));
    }

    private Path write(CheckpointWriter writer, String name) throws IOException {
        Path files = Files.createDirectory(directory.resolve(name));
        writer.writeTo(files);
        return files;
    }

    private static List<String> contents(Path files) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> entries = Files.list(files)) {
            for (Path file : entries.sorted().toList()) {
                contents.add(file.getFileName() + " "
                        + Bytes.wrap(Files.readAllBytes(file)).hashCode());
            }
        }
        return contents;
    }

    private void put(Table table, String key, String value) {
        store.apply(new StoreBatch().put(table, Bytes.utf8(key), Bytes.utf8(value)));
    }

    private List<String> scan(String from, @Nullable String to, int most) {
        List<String> keys = new ArrayList<>();
        store.scan(Table.EVENTS, Bytes.utf8(from), to == null ? null : Bytes.utf8(to), (key, value) -> {
            assertEquals(key, value);
            keys.add(key.toUtf8());
            return keys.size() < most;
        });
        return keys;
    }
}
