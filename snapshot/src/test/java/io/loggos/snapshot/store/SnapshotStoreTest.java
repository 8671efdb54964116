package io.loggos.snapshot.store;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.internal.files.DurableFiles;
import io.loggos.snapshot.testkit.Cuts;
import io.loggos.snapshot.wire.NodeCutCodec;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of visibility, interruption and verification, on a file system in memory. */
class SnapshotStoreTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final CheckpointWriter STATE = directory -> {
        Files.writeString(directory.resolve("a.sst"), "x".repeat(100_000));
        Files.writeString(directory.resolve("CURRENT"), "b");
    };

    private FileSystem files;
    private Path root;
    private SnapshotStore store;

    @BeforeEach
    void open() {
        files = Jimfs.newFileSystem(Configuration.unix());
        root = files.getPath("/data/snapshots");
        store = reopened();
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private SnapshotStore reopened() {
        return SnapshotStore.open(root, ONE, DirectoryCheckpointStore::new);
    }

    private static SnapshotId id(long number) {
        return new SnapshotId(TWO, 77, number);
    }

    /** Writes the part of a node, with one state, and returns its record. */
    private static NodeCut write(SnapshotStore to, NodeId node, SnapshotId id) throws IOException {
        PartWriter writer = to.begin(id);
        CheckpointManifest state = writer.writeState(LOG, 12, Bytes.utf8("sessions"), STATE);
        ReplicaCut like = Cuts.replica(12);
        ReplicaCut replica = new ReplicaCut(
                "orders",
                like.slot(),
                like.ballot(),
                like.firstSlot(),
                like.acceptedSlot(),
                like.chosenSlot(),
                like.history(),
                state.hash(),
                state.sizeBytes());
        NodeCut cut = Cuts.with(Cuts.good(node), List.of(replica));
        assertEquals(PartDigest.of(NodeCutCodec.encode(cut)), writer.finish(cut));
        return cut;
    }

    /** Creates the manifest of a snapshot that these stores have a finished part of. */
    private static SnapshotManifest manifest(SnapshotId id, SortedMap<NodeId, SnapshotStore> stores)
            throws IOException {
        TreeMap<NodeId, PartDigest> parts = new TreeMap<>();
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            SnapshotStore of = stores.get(node);
            Bytes record = of == null ? Bytes.utf8("the part of " + node) : of.partRecord(id);
            parts.put(node, PartDigest.of(record));
        }
        return SnapshotManifest.of(
                id,
                new SnapshotManifest.Keeping(id.number(), "application"),
                "shop",
                Cuts.VIEW,
                Instant.ofEpochSecond(1_000 - id.number(), 5),
                parts);
    }

    private SnapshotManifest manifest(SnapshotId id) throws IOException {
        TreeMap<NodeId, SnapshotStore> here = new TreeMap<>();
        here.put(ONE, store);
        return manifest(id, here);
    }

    private void take(long number, int retained) throws IOException {
        write(store, ONE, id(number));
        store.publish(manifest(id(number)), retained);
    }

    private List<Long> numbers() {
        return store.list().stream().map(info -> info.id().number()).toList();
    }

    private List<String> names() throws IOException {
        return DurableFiles.list(root).stream().map(DurableFiles::name).toList();
    }

    @Test
    void aPartIsVisibleOnceItIsPublishedAndStaysSo() throws IOException {
        NodeCut cut = write(store, ONE, id(1));
        assertEquals(List.of(), store.list());
        assertEquals(cut, NodeCutCodec.decode(store.partRecord(id(1))));
        assertEquals(store.partRecord(id(1)).slice(3, 40), store.readRecord(id(1), 3, 40));

        SnapshotManifest manifest = manifest(id(1));
        store.publish(manifest, 4);
        store.publish(manifest, 4);
        for (SnapshotStore each : List.of(store, reopened())) {
            SnapshotInfo info = each.list().get(0);
            assertEquals(id(1), info.id());
            assertEquals("shop", info.clusterId());
            assertEquals(List.of(ONE, TWO, THREE), List.copyOf(info.nodes()));
            assertTrue(info.sizeBytes() > 100_001, () -> "size " + info.sizeBytes());
            assertEquals(manifest, each.manifest(id(1)).orElseThrow());
            assertEquals(cut, NodeCutCodec.decode(each.partRecord(id(1))));
            assertEquals(12, each.state(id(1), LOG).orElseThrow().slot());
            assertEquals(Bytes.utf8("xxx"), each.readState(id(1), LOG, "a.sst", 99_997, 3));
            assertEquals(id(1), each.verify(id(1), SnapshotProgress.NONE).id());
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        assertThrows(SnapshotException.class, () -> store.partRecord(id(1)));
        assertThrows(SnapshotException.class, () -> store.state(id(1), LOG));
        assertThrows(SnapshotException.class, () -> store.verify(id(1), SnapshotProgress.NONE));
        assertFalse(store.delete(id(1)));
        take(1, 4);
        assertThrows(SnapshotException.class, () -> store.readState(id(1), LogId.ofName("no"), "CURRENT", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> store.readState(id(1), LOG, "../manifest", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> store.readState(id(1), LOG, "/data", 0, 1));
        assertThrows(IOException.class, () -> store.readState(id(1), LOG, "CURRENT", 1, 1));
        assertThrows(IllegalStateException.class, () -> store.begin(id(1)));
    }

    @Test
    void aPartThatIsNotFinishedIsNotPublished() throws IOException {
        SnapshotManifest manifest = manifest(id(1), new TreeMap<>());
        assertThrows(SnapshotException.class, () -> store.publish(manifest, 4));
        PartWriter writer = store.begin(id(1));
        assertThrows(IllegalStateException.class, () -> store.begin(id(1)));
        assertThrows(SnapshotException.class, () -> store.publish(manifest, 4));
        assertThrows(SnapshotException.class, () -> store.partRecord(id(1)));
        writer.finish(Cuts.good(ONE));
        assertThrows(SnapshotException.class, () -> store.publish(manifest, 4), "of another digest");
        assertEquals(List.of(), store.list());
    }

    @Test
    void theRecordNamesTheStatesThatWereWrittenAndNoOther() throws IOException {
        PartWriter writer = store.begin(id(1));
        NodeCut without = Cuts.good(ONE);
        NodeCut with = Cuts.with(without, List.of(Cuts.replica(12)));
        assertThrows(IllegalArgumentException.class, () -> writer.finish(with));
        assertThrows(IllegalArgumentException.class, () -> writer.finish(Cuts.good(TWO)));
        writer.writeState(LOG, 12, Bytes.EMPTY, STATE);
        assertThrows(IllegalArgumentException.class, () -> writer.finish(without));
        assertThrows(IllegalArgumentException.class, () -> writer.finish(with), "another hash");
    }

    @Test
    void whatIsDiscardedIsGone() throws IOException {
        store.discard(id(1));
        PartWriter writer = store.begin(id(1));
        writer.writeState(LOG, 12, Bytes.EMPTY, STATE);
        store.discard(id(1));
        store.discard(id(1));
        assertEquals(List.of(), names());
        List<String> letGo = new ArrayList<>();
        CheckpointWriter late = new CheckpointWriter() {
            @Override
            public void writeTo(Path directory) {
                throw new AssertionError("nobody wants this state");
            }

            @Override
            public void discard() {
                letGo.add("late");
            }
        };
        assertThrows(SnapshotException.class, () -> writer.writeState(LOG, 13, Bytes.EMPTY, late));
        assertEquals(List.of("late"), letGo);
        write(store, ONE, id(1));
        assertEquals(List.of("writing-" + id(1)), names());
    }

    /** The loop aborts while the worker writes. */
    @Test
    void whatIsDiscardedWhileItIsWrittenIsRemovedThen() throws IOException {
        PartWriter writer = store.begin(id(1));
        writer.writeState(LOG, 12, Bytes.EMPTY, directory -> {
            store.discard(id(1));
            STATE.writeTo(directory);
        });
        assertEquals(List.of(), names());
        assertThrows(SnapshotException.class, () -> writer.writeState(LOG, 13, Bytes.EMPTY, STATE));
    }

    @Test
    void theOldestAreDeleted() throws IOException {
        for (int number = 1; number <= 4; number++) {
            take(number, 3);
        }
        assertEquals(List.of(2L, 3L, 4L), numbers());
        assertEquals(List.of(id(2).toString(), id(3).toString(), id(4).toString()), names());
        take(1, 1); // the oldest by its time, and still the one that was asked for
        assertEquals(List.of(1L), numbers());
        assertTrue(store.delete(id(1)));
        assertEquals(List.of(), names());
    }

    /** A copy reads from its snapshot all the time; the snapshot goes when nobody reads it any more. */
    @Test
    void whatIsBeingReadIsNotDeletedAsTooOld() throws IOException {
        take(1, 1);
        for (int number = 2; number <= 3; number++) {
            store.readState(id(1), LOG, "CURRENT", 0, 1);
            take(number, 1);
            assertEquals(List.of(1L, (long) number), numbers());
        }
        take(4, 1);
        assertEquals(List.of(4L), numbers());
    }

    @Test
    void whatAnInterruptionLeftIsRemovedAtTheNextStart() throws IOException {
        take(1, 4);
        write(store, ONE, id(2));
        Files.createDirectories(root.resolve("deleting-" + id(3)).resolve("node-1"));
        store = reopened();
        assertEquals(List.of(id(1).toString()), names());
        assertEquals(List.of(1L), numbers());
        take(2, 4);
        assertEquals(List.of(1L, 2L), numbers());
    }

    @Test
    void whatHasAnotherManifestThanItsNameIsNotOffered() throws IOException {
        take(1, 4);
        take(2, 4);
        Path manifest = root.resolve(id(1).toString()).resolve("manifest");
        byte[] other = Files.readAllBytes(root.resolve(id(2).toString()).resolve("manifest"));
        Files.write(manifest, other);
        SnapshotException refused =
                assertThrows(SnapshotException.class, () -> store.verify(id(1), SnapshotProgress.NONE));
        assertEquals(manifest + " is the manifest of snapshot " + id(2), refused.getMessage());
        store = reopened();
        assertEquals(List.of(2L), numbers());
        assertEquals(2, names().size(), "it is left for people to look at");
    }

    /** The manifest is of another cluster, with the same id: its parts have other hashes. */
    @Test
    void aManifestOfOtherPartsIsFound() throws IOException {
        take(1, 4);
        SnapshotManifest other = manifest(id(1), new TreeMap<>());
        Files.write(
                root.resolve(id(1).toString()).resolve("manifest"),
                SnapshotManifestCodec.encode(other).toByteArray());
        assertRefused("the part of n1 in snapshot " + id(1) + " has");
    }

    private void assertRefused(String message) {
        SnapshotException refused =
                assertThrows(SnapshotException.class, () -> store.verify(id(1), SnapshotProgress.NONE));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::getMessage);
    }

    private List<Path> allFiles() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        take(1, 4);
        List<Path> all = allFiles();
        assertEquals(5, all.size(), all::toString);
        for (Path file : all) {
            byte[] whole = Files.readAllBytes(file);
            int step = Math.max(1, whole.length / 200);
            for (int at = 0; at < whole.length; at += step) {
                byte[] spoiled = whole.clone();
                spoiled[at] ^= 0x10;
                Files.write(file, spoiled);
                assertThrows(SnapshotException.class, () -> store.verify(id(1), SnapshotProgress.NONE));
            }
            Files.write(file, whole);
        }
        store.verify(id(1), SnapshotProgress.NONE);
    }

    @Test
    void everyMissingTruncatedOrAddedFileIsFound() throws IOException {
        take(1, 4);
        for (Path file : allFiles()) {
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            assertRefused("is missing");
            Files.write(file, Arrays.copyOf(whole, whole.length - 1));
            assertThrows(SnapshotException.class, () -> store.verify(id(1), SnapshotProgress.NONE));
            Files.write(file, whole);
            Path stray = file.resolveSibling("stray");
            Files.writeString(stray, "?");
            assertRefused(stray + " does not belong to the snapshot");
            Files.delete(stray);
        }
        Path table = allFiles().stream()
                .filter(file -> file.endsWith("a.sst"))
                .findFirst()
                .orElseThrow();
        Files.write(table, new byte[7]);
        assertRefused(table + " has 7 bytes, not the 100000 of the snapshot");
    }

    @Test
    void progressGoesFromNothingToAll() throws IOException {
        take(1, 4);
        List<String> told = new ArrayList<>();
        store.verify(id(1), (what, done, all) -> told.add(what + " " + done + "/" + all));
        assertEquals(List.of("verify 0/100001", "verify 1/100001", "verify 100001/100001"), told);
    }

    /** An export has the parts of all nodes in one directory. */
    @Test
    void aDirectoryWithAllPartsIsAWholeSnapshot() throws IOException {
        TreeMap<NodeId, SnapshotStore> stores = new TreeMap<>();
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            Path own = files.getPath("/node", node.toString());
            stores.put(node, SnapshotStore.open(own, node, DirectoryCheckpointStore::new));
            write(stores.get(node), node, id(1));
        }
        SnapshotManifest manifest = manifest(id(1), stores);
        Path all = Files.createDirectories(files.getPath("/all"));
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            stores.get(node).publish(manifest, 1);
            Path own = files.getPath("/node", node.toString(), id(1).toString());
            Files.move(own.resolve("node-" + node.value()), all.resolve("node-" + node.value()));
        }
        Files.write(
                all.resolve("manifest"), SnapshotManifestCodec.encode(manifest).toByteArray());
        SnapshotDirectory directory = SnapshotDirectory.open(all, DirectoryCheckpointStore::new);
        SnapshotInfo info = directory.verify(manifest.parts().keySet(), SnapshotProgress.NONE);
        assertTrue(info.sizeBytes() > 300_003);
        GlobalSnapshot whole = directory.snapshot();
        assertEquals(List.of(ONE, TWO, THREE), List.copyOf(whole.nodes().keySet()));
        assertEquals(2 * 3 + 1, whole.inFlight("feed").size());

        SnapshotException extra =
                assertThrows(SnapshotException.class, () -> directory.verify(List.of(ONE, TWO), SnapshotProgress.NONE));
        assertTrue(String.valueOf(extra.getMessage()).contains("does not belong"), extra::getMessage);
        DurableFiles.deleteTree(all.resolve("node-2"));
        SnapshotException missing = assertThrows(
                SnapshotException.class, () -> directory.verify(manifest.parts().keySet(), SnapshotProgress.NONE));
        assertTrue(
                String.valueOf(missing.getMessage()).contains("is not whole without the part of n2"),
                missing::getMessage);
    }
}
