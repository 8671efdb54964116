package io.loggos.storage.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of every {@link CheckpointStore}. The author of one extends this class and says how to open it. */
public abstract class CheckpointStoreContract {
    protected static final LogId LOG = LogId.ofName("orders");
    private static final LogId OTHER = LogId.ofName("bank");

    private CheckpointStore store;

    /** Opens the store of this test: empty at first, and the same each time after that. */
    protected abstract CheckpointStore open();

    /** Opens a store of another node, to receive from it; always the same, and another than {@link #open}'s. */
    protected abstract CheckpointStore openSource();

    @BeforeEach
    void openStore() {
        store = open();
    }

    /** Writes a checkpoint of two files and an empty one, whose contents say the slot. */
    protected static CheckpointManifest write(CheckpointStore to, LogId log, long slot) throws IOException {
        return to.write(log, slot, Bytes.utf8("sessions " + slot), directory -> {
            Files.writeString(directory.resolve("b-table"), "the table at " + slot);
            Files.writeString(directory.resolve("a-table"), "x".repeat(100_000) + slot);
            Files.createFile(directory.resolve("empty"));
        });
    }

    private static void transfer(CheckpointStore from, CheckpointManifest manifest, CheckpointStore.Incoming to)
            throws IOException {
        for (CheckpointFile file : manifest.files()) {
            for (long at = to.received(file.name()); at < file.sizeBytes(); at = to.received(file.name())) {
                int length = (int) Math.min(30_000, file.sizeBytes() - at);
                to.append(file.name(), at, from.read(manifest, file.name(), at, length));
            }
        }
    }

    @Test
    void aCheckpointIsThereWithItsFilesAndTheirHashes() throws IOException {
        assertEquals(Optional.empty(), store.newest(LOG));
        CheckpointManifest written = write(store, LOG, 7);
        assertEquals(7, written.slot());
        assertEquals(Bytes.utf8("sessions 7"), written.replicaState());
        assertEquals(
                List.of("a-table", "b-table", "empty"),
                written.files().stream().map(CheckpointFile::name).toList());
        assertEquals(100_001 + 14, written.sizeBytes());
        store = open();
        assertEquals(Optional.of(written), store.newest(LOG));
        assertEquals(Optional.of(written), store.at(LOG, 7));
        assertEquals(Optional.empty(), store.at(LOG, 6));
        assertEquals(Optional.empty(), store.at(OTHER, 7));
        assertEquals(Optional.empty(), store.previous(LOG));
        assertEquals(Optional.empty(), store.newest(OTHER));
        assertEquals("the table at 7", Files.readString(store.directory(written).resolve("b-table")));
        try (Stream<Path> files = Files.list(store.directory(written))) {
            assertEquals(3, files.count());
        }
        assertEquals(Bytes.utf8("table"), store.read(written, "b-table", 4, 5));
        assertThrows(IOException.class, () -> store.read(written, "b-table", 10, 5));
        assertThrows(IllegalArgumentException.class, () -> store.read(written, "../b-table", 0, 1));
    }

    @Test
    void theLastTwoOfEachLogAreKept() throws IOException {
        CheckpointManifest first = write(store, LOG, 5);
        CheckpointManifest other = write(store, OTHER, 3);
        CheckpointManifest second = write(store, LOG, 6);
        assertEquals(Optional.of(first), store.previous(LOG));
        CheckpointManifest third = write(store, LOG, 10);
        assertEquals(Optional.of(third), store.newest(LOG));
        assertEquals(Optional.of(second), store.previous(LOG));
        assertThrows(IOException.class, () -> store.read(first, "a-table", 0, 1));
        assertEquals(Optional.of(other), store.newest(OTHER));
    }

    @Test
    void onlyANewerCheckpointIsTaken() throws IOException {
        CheckpointManifest written = write(store, LOG, 5);
        assertThrows(IllegalArgumentException.class, () -> write(store, LOG, 5));
        assertThrows(IllegalArgumentException.class, () -> write(store, LOG, 4));
        CheckpointManifest offered = write(openSource(), LOG, 5);
        assertThrows(IllegalArgumentException.class, () -> store.receive(offered));
        assertEquals(Optional.of(written), store.newest(LOG));
    }

    @Test
    void aWriterThatFailsLeavesWhatWasThere() throws IOException {
        CheckpointManifest written = write(store, LOG, 5);
        assertThrows(
                IOException.class,
                () -> store.write(LOG, 6, Bytes.EMPTY, directory -> {
                    Files.writeString(directory.resolve("half"), "half");
                    throw new IOException("no more");
                }));
        assertThrows(
                IllegalStateException.class,
                () -> store.write(LOG, 6, Bytes.EMPTY, directory -> {
                    throw new IllegalStateException("broken");
                }));
        assertThrows(
                IOException.class,
                () -> store.write(
                        LOG, 6, Bytes.EMPTY, directory -> Files.createDirectory(directory.resolve("nested"))));
        assertEquals(Optional.of(written), store.newest(LOG));
        assertEquals(6, write(store, LOG, 6).slot());
    }

    @Test
    void aCheckpointIsReceivedInPiecesAndOverARestart() throws IOException {
        CheckpointStore source = openSource();
        CheckpointManifest offered = write(source, LOG, 9);
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            assertEquals(0, incoming.received("a-table"));
            incoming.append("a-table", 0, source.read(offered, "a-table", 0, 50_000));
        }
        store = open();
        assertEquals(Optional.empty(), store.newest(LOG));
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            assertEquals(50_000, incoming.received("a-table"));
            transfer(source, offered, incoming);
            assertTrue(incoming.complete());
        }
        assertEquals(Optional.of(offered), store.newest(LOG));
        assertEquals("the table at 9", Files.readString(store.directory(offered).resolve("b-table")));
        assertEquals(10, write(store, LOG, 10).slot());
        assertEquals(Optional.of(offered), store.previous(LOG));
    }

    @Test
    void piecesThatDoNotBelongAreRefused() throws IOException {
        CheckpointStore source = openSource();
        CheckpointManifest offered = write(source, LOG, 9);
        Bytes piece = source.read(offered, "b-table", 0, 5);
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            incoming.append("b-table", 0, piece);
            assertThrows(MalformedException.class, () -> incoming.append("b-table", 0, piece));
            assertThrows(MalformedException.class, () -> incoming.append("b-table", 6, piece));
            assertThrows(MalformedException.class, () -> incoming.append("c-table", 0, piece));
            assertThrows(MalformedException.class, () -> incoming.append("../a-table", 0, piece));
            assertThrows(MalformedException.class, () -> incoming.received("c-table"));
            assertThrows(MalformedException.class, () -> incoming.append("b-table", 5, Bytes.wrap(new byte[1000])));
            assertThrows(MalformedException.class, () -> incoming.append("empty", 0, piece));
            assertEquals(5, incoming.received("b-table"));
            transfer(source, offered, incoming);
            assertTrue(incoming.complete());
        }
    }

    @Test
    void whatArrivedWrongIsThrownAway() throws IOException {
        CheckpointStore source = openSource();
        CheckpointManifest offered = write(source, LOG, 9);
        CheckpointManifest older = write(store, LOG, 3);
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            incoming.append("b-table", 0, Bytes.utf8("not"));
            transfer(source, offered, incoming);
            assertFalse(incoming.complete());
        }
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            assertEquals(0, incoming.received("b-table"));
            assertFalse(incoming.complete());
        }
        assertEquals(Optional.of(older), store.newest(LOG));
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            transfer(source, offered, incoming);
            assertTrue(incoming.complete());
        }
        assertEquals(Optional.of(offered), store.newest(LOG));
    }

    @Test
    void anotherCheckpointBeginsAnew() throws IOException {
        CheckpointStore source = openSource();
        CheckpointManifest first = write(source, LOG, 9);
        CheckpointManifest second = write(source, LOG, 12);
        try (CheckpointStore.Incoming incoming = store.receive(first)) {
            incoming.append("a-table", 0, source.read(first, "a-table", 0, 50_000));
        }
        try (CheckpointStore.Incoming incoming = store.receive(second)) {
            assertEquals(0, incoming.received("a-table"));
            transfer(source, second, incoming);
            assertTrue(incoming.complete());
        }
        assertThrows(IllegalArgumentException.class, () -> store.receive(first));
    }

    @Test
    void oneThatIsOvertakenWhileItArrivesIsNotTaken() throws IOException {
        CheckpointStore source = openSource();
        CheckpointManifest offered = write(source, LOG, 9);
        try (CheckpointStore.Incoming incoming = store.receive(offered)) {
            transfer(source, offered, incoming);
            CheckpointManifest newer = write(store, LOG, 20);
            assertThrows(IOException.class, incoming::complete);
            assertEquals(Optional.of(newer), store.newest(LOG));
        }
    }

    /** Readers on other threads see a newest checkpoint, at most two, and a sound one is never set aside. */
    @Test
    void anyThreadMayReadWhileAnotherWrites() throws Exception {
        write(store, LOG, 1);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> read = Stream.<Callable<Long>>of(
                            () -> readUntil(over, this::readKept),
                            () -> readUntil(over, this::readNewest),
                            () -> readUntil(over, this::readChunks))
                    .map(readers::submit)
                    .toList();
            for (long slot = 2; slot <= 40; slot++) {
                write(store, LOG, slot);
            }
            over.set(true);
            for (Future<Long> each : read) {
                assertTrue(each.get() > 0);
            }
        } finally {
            readers.shutdownNow();
        }
        assertEquals(
                List.of(40L, 39L),
                store.kept(LOG).stream().map(CheckpointManifest::slot).toList());
    }

    private static long readUntil(AtomicBoolean over, Callable<?> read) throws Exception {
        long reads = 0;
        while (!over.get() || reads == 0) {
            assertTrue(read.call() != null);
            reads++;
        }
        return reads;
    }

    private List<CheckpointManifest> readKept() {
        List<CheckpointManifest> kept = store.kept(LOG);
        assertTrue(!kept.isEmpty() && kept.size() <= 2, () -> "kept " + kept);
        assertTrue(kept.size() == 1 || kept.get(0).slot() > kept.get(1).slot(), () -> "kept " + kept);
        return kept;
    }

    private CheckpointManifest readNewest() {
        long before = store.kept(LOG).get(0).slot();
        CheckpointManifest newest = store.newest(LOG).orElseThrow();
        assertTrue(newest.slot() >= before, () -> newest.slot() + " after " + before);
        return newest;
    }

    private Object readChunks() {
        CheckpointManifest newest = store.kept(LOG).get(0);
        try {
            assertEquals(
                    Bytes.utf8("the table at " + newest.slot()),
                    store.read(
                            newest,
                            "b-table",
                            0,
                            13 + Long.toString(newest.slot()).length()));
        } catch (IOException e) {
            assertTrue(store.kept(LOG).get(0).slot() > newest.slot(), () -> "not superseded, and " + e);
        }
        return newest;
    }

    /** Of two writers of one slot, one succeeds. */
    @Test
    void twoWritersOfASlotDoNotMix() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            for (long slot = 1; slot <= 10; slot++) {
                long here = slot;
                List<Future<CheckpointManifest>> both = List.of(
                        writers.submit(() -> write(store, LOG, here)), writers.submit(() -> write(store, LOG, here)));
                int written = 0;
                for (Future<CheckpointManifest> each : both) {
                    try {
                        assertEquals(here, each.get().slot());
                        written++;
                    } catch (ExecutionException e) {
                        assertTrue(
                                e.getCause() instanceof IllegalArgumentException, () -> "failed with " + e.getCause());
                    }
                }
                assertEquals(1, written);
                assertEquals(here, store.newest(LOG).orElseThrow().slot());
            }
        } finally {
            writers.shutdownNow();
        }
    }
}
