package io.loggos.storage.rocksdb.ordered;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.Slot;
import io.loggos.api.kv.Operation;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.operation.KeyValueCodec;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.OrderedStoreContract;
import io.loggos.storage.kv.rows.StoreBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RocksDbOrderedStoreTest extends OrderedStoreContract {
    @Override
    protected OrderedStore open(Path at) {
        return RocksDbOrderedStore.open(at);
    }

    @Test
    void openingDeletesWhatAStoreLeftAndNothingElse() throws IOException {
        Path at = directory.resolve("left");
        try (RocksDbOrderedStore first = RocksDbOrderedStore.open(at)) {
            first.apply(new StoreBatch().put(Table.META, Bytes.utf8("k"), Bytes.utf8("v")));
            first.checkpoint();
        }
        Path foreign = Files.writeString(at.resolve("foreign"), "x");
        try (RocksDbOrderedStore second = RocksDbOrderedStore.open(at)) {
            assertNull(second.get(Table.META, Bytes.utf8("k")));
        }
        assertTrue(Files.exists(foreign));
        try (Stream<Path> entries = Files.list(at)) {
            assertEquals(2, entries.count(), "the live database and the foreign file");
        }
    }

    @Test
    void restoringLinksTheTablesInsteadOfCopyingThem() throws IOException {
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.wrap(new byte[1 << 20])));
        Path files = Files.createDirectory(directory.resolve("checkpoint"));
        store.checkpoint().writeTo(files);
        store.restore(files);
        Path table = tableIn(files);
        Path live = directory.resolve("store").resolve("live-1").resolve(table.getFileName());
        assertEquals(
                Files.getAttribute(table, "unix:ino"), Files.getAttribute(live, "unix:ino"), "one file, two names");
        assertTrue((int) Files.getAttribute(table, "unix:nlink") >= 2);
    }

    @Test
    void aDamagedCheckpointIsRefusedAndTheRowsStay() throws IOException {
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.utf8("v")));
        Path files = Files.createDirectory(directory.resolve("checkpoint"));
        store.checkpoint().writeTo(files);
        Path sound = write(store.checkpoint(), "sound");
        Files.delete(tableIn(files));
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.utf8("w")));
        assertThrows(IOException.class, () -> store.restore(files));
        assertEquals(Bytes.utf8("w"), store.get(Table.CURRENT, Bytes.utf8("k")));
        store.restore(sound);
        assertEquals(Bytes.utf8("v"), store.get(Table.CURRENT, Bytes.utf8("k")));
    }

    /** RULES.md O-5: a table that rots before the first checkpoint that contains it is found by its own checksums. */
    @Test
    void aTableThatRotsBeforeItsFirstHashMakesNoCheckpoint() throws IOException {
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.wrap(new byte[100_000])));
        store.checkpoint().writeTo(Files.createDirectory(directory.resolve("flushed")));
        Path live = directory.resolve("store").resolve("live-0");
        Path table = tableIn(live);
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length / 3] ^= 4;
        Files.write(table, bytes);
        DirectoryCheckpointStore checkpoints = new DirectoryCheckpointStore(directory.resolve("checkpoints"));
        LogId log = LogId.ofName("kv");
        IOException refused =
                assertThrows(IOException.class, () -> checkpoints.write(log, 1, Bytes.EMPTY, store.checkpoint()));
        assertTrue(
                String.valueOf(refused.getMessage()).contains(table.getFileName() + " of the state is damaged"),
                refused.getMessage());
        bytes[bytes.length / 3] ^= 4;
        Files.write(table, bytes);
        assertEquals(
                1, checkpoints.write(log, 1, Bytes.EMPTY, store.checkpoint()).slot());
    }

    @Test
    void theSizeMayBeAskedForWhileTheDatabaseIsExchanged() throws IOException {
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.wrap(new byte[1 << 20])));
        Path files = Files.createDirectory(directory.resolve("checkpoint"));
        store.checkpoint().writeTo(files);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Long> asked = CompletableFuture.supplyAsync(() -> {
            long largest = 0;
            while (!done.get()) {
                largest = Math.max(largest, store.sizeBytes());
                Thread.onSpinWait();
            }
            return largest;
        });
        for (int i = 0; i < 10; i++) {
            store.restore(files);
        }
        store.close();
        done.set(true);
        assertTrue(asked.join() >= 0);
        assertTrue(store.sizeBytes() >= 0);
    }

    /**
     * The state machine applies commands while a checkpoint is written. The checkpoint holds the state at its capture.
     */
    @Test
    void aStateMachineAppliesWhileItsCheckpointIsWritten() throws IOException {
        try (KeyValueStateMachine machine =
                new KeyValueStateMachine(RocksDbOrderedStore.open(directory.resolve("kv")))) {
            for (int slot = 1; slot <= 30_000; slot++) {
                machine.apply(put(slot));
            }
            Bytes before = machine.digest();
            Path files = Files.createDirectory(directory.resolve("beside"));
            var writer = machine.checkpoint();
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    writer.writeTo(files);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            for (int slot = 30_001; slot <= 60_000; slot++) {
                machine.apply(put(slot));
            }
            written.join();
            Bytes after = machine.digest();
            assertFalse(before.equals(after));
            machine.restore(files);
            assertEquals(before, machine.digest());
            assertEquals(30_001, machine.revision());
            for (int slot = 30_001; slot <= 60_000; slot++) {
                machine.apply(put(slot));
            }
            assertEquals(after, machine.digest());
        }
    }

    /** Several memory tables fill up and are flushed between the capture and the writing of the checkpoint. */
    @Test
    void aCheckpointHoldsNothingOfWhatWasWrittenLater() throws IOException {
        store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.utf8("before")));
        CheckpointWriter writer = store.checkpoint();
        for (int i = 0; i < 64; i++) {
            store.apply(new StoreBatch()
                    .put(Table.CURRENT, Bytes.utf8("k"), Bytes.utf8("after"))
                    .put(Table.EVENTS, Bytes.utf8("e" + i), Bytes.wrap(new byte[1 << 20])));
        }
        store.restore(write(writer, "checkpoint"));
        assertEquals(Bytes.utf8("before"), store.get(Table.CURRENT, Bytes.utf8("k")));
        assertEquals(0, store.count(Table.EVENTS, Bytes.EMPTY, null, Long.MAX_VALUE));
    }

    @Test
    void aStoreWithNothingNewHasACheckpointToo() throws IOException {
        Path empty = write(store.checkpoint(), "empty");
        store.apply(new StoreBatch().put(Table.META, Bytes.utf8("k"), Bytes.utf8("v")));
        store.apply(new StoreBatch().deleteRange(Table.META, Bytes.utf8("x"), Bytes.utf8("x")));
        Path first = write(store.checkpoint(), "first");
        Path second = write(store.checkpoint(), "second");
        store.restore(second);
        assertEquals(Bytes.utf8("v"), store.get(Table.META, Bytes.utf8("k")));
        store.restore(write(store.checkpoint(), "restored"));
        assertEquals(Bytes.utf8("v"), store.get(Table.META, Bytes.utf8("k")));
        store.restore(first);
        assertEquals(Bytes.utf8("v"), store.get(Table.META, Bytes.utf8("k")));
        store.restore(empty);
        assertNull(store.get(Table.META, Bytes.utf8("k")));
    }

    /** The files of the new state have the same names as those of the old one. */
    @Test
    void aStateThatHasBeenExchangedIsNotWrittenAnyMore() throws IOException {
        store.apply(new StoreBatch().put(Table.META, Bytes.utf8("k"), Bytes.utf8("v")));
        Path files = write(store.checkpoint(), "checkpoint");
        CheckpointWriter late = store.checkpoint();
        store.restore(files);
        assertThrows(IOException.class, () -> write(late, "late"));
        CheckpointWriter closed = store.checkpoint();
        store.apply(new StoreBatch().put(Table.META, Bytes.utf8("k"), Bytes.utf8("w")));
        CheckpointWriter pending = store.checkpoint();
        store.close();
        write(closed, "closed");
        try {
            write(pending, "pending");
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("closed"), e.getMessage());
        }
    }

    @Test
    void filesOfACheckpointThatIsNotWantedAreLetGo() throws IOException {
        Path live = directory.resolve("store").resolve("live-0");
        for (int i = 0; i < 60; i++) {
            store.apply(new StoreBatch().put(Table.CURRENT, Bytes.utf8("k"), Bytes.wrap(new byte[1 << 10])));
            if (i % 2 == 0) {
                store.checkpoint().discard();
            } else {
                write(store.checkpoint(), "checkpoint-" + i);
            }
        }
        // Each table has a file that is deleted after a compaction.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Stream<Path> entries = Files.list(live)) {
                return entries.filter(each -> each.toString().endsWith(".sst")).count() < 20;
            }
        });
    }

    private Path write(CheckpointWriter writer, String name) throws IOException {
        Path files = Files.createDirectory(directory.resolve(name));
        writer.writeTo(files);
        return files;
    }

    private static Command put(int slot) {
        Operation put = Operation.Put.of(Bytes.utf8("key-" + slot * 31 % 5000), Bytes.utf8("value-" + slot));
        return new Command(Slot.of(slot), Instant.EPOCH, KeyValueCodec.encode(put));
    }

    private static Path tableIn(Path files) throws IOException {
        try (Stream<Path> entries = Files.list(files)) {
            return entries.filter(each -> each.toString().endsWith(".sst"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
