package io.loggos.paxos;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.internal.files.DurableFiles;
import io.loggos.multicast.runtime.node.Restored;
import io.loggos.paxos.runtime.restore.RestoredState;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.snapshot.testkit.Cuts;
import io.loggos.snapshot.wire.NodeCutCodec;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of a restore, and the snapshots that it refuses, with a hand-made snapshot. */
class RestoreTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final LogId VIEWS = LogId.ofName("loggos.views");

    @TempDir
    Path directory;

    private Path snapshot;

    /** Exports three nodes, of which the second has applied most. Messages are in flight to it from the first. */
    @BeforeEach
    void export() throws IOException {
        snapshot = Files.createDirectory(directory.resolve("backup"));
        TreeMap<NodeId, Bytes> records = new TreeMap<>();
        TreeMap<NodeId, PartDigest> parts = new TreeMap<>();
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            Path states = Files.createDirectories(
                    snapshot.resolve("node-" + node.value()).resolve("states"));
            DirectoryCheckpointStore store = new DirectoryCheckpointStore(states);
            long slot = node.equals(TWO) ? 12 : 10;
            NodeCut cut = Cuts.with(
                    Cuts.good(node),
                    List.of(replica(store, "loggos.views", 5, node), replica(store, "orders", slot, node)));
            records.put(node, NodeCutCodec.encode(cut));
            parts.put(node, PartDigest.of(records.get(node)));
        }
        SnapshotManifest manifest = SnapshotManifest.of(
                new SnapshotId(TWO, 3, 1),
                new SnapshotManifest.Keeping(1, "application"),
                "shop",
                Cuts.VIEW,
                Instant.EPOCH,
                parts);
        SnapshotDirectory.create(snapshot, manifest, records, DirectoryCheckpointStore::new);
    }

    private static ReplicaCut replica(DirectoryCheckpointStore store, String log, long slot, NodeId node)
            throws IOException {
        CheckpointManifest state = store.write(LogId.ofName(log), slot, Bytes.utf8("sessions at " + slot), into -> {
            Files.writeString(into.resolve("table"), "rows at " + slot + " of " + node);
            Files.writeString(into.resolve("names"), "x".repeat(1000));
        });
        ReplicaCut like = Cuts.replica(slot);
        return new ReplicaCut(
                log,
                like.slot(),
                like.ballot(),
                like.firstSlot(),
                like.acceptedSlot(),
                like.chosenSlot(),
                like.history(),
                state.hash(),
                state.sizeBytes());
    }

    private NodeOptions node(int id, int... peers) {
        NodeBuilder builder = Node.builder()
                .clusterId("staging")
                .id(id)
                .listen("127.0.0.1:0")
                .dataDirectory(directory.resolve("new").resolve(Integer.toString(id)));
        for (int peer : peers) {
            builder.peer(peer, "127.0.0.1:" + (7000 + peer));
        }
        return builder.build();
    }

    private static RocksDbStore open(NodeOptions node) {
        return RocksDbStore.open(
                node.dataDirectory().resolve("log"),
                "staging",
                node.id(),
                new TreeSet<>(node.members().keySet()),
                StorageOptions.defaults(),
                new SplittableRandom(1));
    }

    @Test
    void everyNodeBeginsBehindTheHighestSlotOfAllReplicas() throws IOException {
        for (NodeOptions node : List.of(node(1, 2, 3), node(2, 1, 3), node(3, 1, 2))) {
            Restore.from(snapshot).ofCluster("shop").into(node);
            DirectoryCheckpointStore checkpoints =
                    new DirectoryCheckpointStore(node.dataDirectory().resolve("checkpoints"));
            CheckpointManifest newest = checkpoints.newest(LOG).orElseThrow();
            assertEquals(12, newest.slot());
            assertEquals(Bytes.utf8("sessions at 12"), newest.replicaState());
            assertEquals(
                    "rows at 12 of n2",
                    Files.readString(checkpoints.directory(newest).resolve("table")));
            assertEquals(
                    Optional.empty(),
                    checkpoints.newest(VIEWS),
                    "what the library's own logs say is not of this cluster");
            try (RocksDbStore store = open(node)) {
                RecoveredLog recovered = store.recover(LOG);
                assertEquals(12, recovered.chosenThrough());
                assertEquals(13, recovered.truncatedBelow());
                assertTrue(recovered.promised().isZero());
                assertEquals(List.of(), recovered.open());
                assertEquals(RecoveredLog.EMPTY, store.recover(VIEWS));
            }
        }
    }

    private static List<String> participant(RestoredState state) {
        List<String> given = new ArrayList<>();
        state.participant("bank", each -> given.add(each.toUtf8()));
        return given;
    }

    @Test
    void everyNodeGetsWhatWasRecordedAndOnItsWayThere() {
        NodeOptions one = node(1, 2, 3);
        NodeOptions two = node(2, 1, 3);
        Restore.from(snapshot).into(one);
        Restore.from(snapshot).into(two);
        RestoredState state = RestoredState.in(one.dataDirectory());
        assertEquals(List.of("balance of n1"), participant(state));
        assertEquals(new Restored.Messages(new TreeSet<>(List.of(ONE, TWO)), List.of()), state.messages("feed"));
        state = RestoredState.in(two.dataDirectory());
        assertEquals(List.of("balance of n2"), participant(state));
        assertEquals(
                List.of("a6", "b6", "a7", "b7", "a8", "b8", "later"),
                Objects.requireNonNull(state.messages("feed")).inFlight().stream()
                        .map(InFlight::message)
                        .map(Bytes::toUtf8)
                        .toList());
    }

    @Test
    void otherMembersMayTakeOver() throws IOException {
        NodeOptions wider = node(4, 1, 2, 3, 5);
        Restore.from(snapshot).into(wider);
        try (RocksDbStore store = open(wider)) {
            assertEquals(12, store.recover(LOG).chosenThrough());
        }
        assertEquals(List.of(), participant(RestoredState.in(wider.dataDirectory())));
        assertNull(RestoredState.in(wider.dataDirectory()).messages("feed"));
    }

    private void assertRefused(String message, Restore restore, NodeOptions node) {
        SnapshotException refused = assertThrows(SnapshotException.class, () -> restore.into(node));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::getMessage);
        assertFalse(Files.exists(node.dataDirectory().resolve("log")));
    }

    @Test
    void whatBelongsToNodesThatAreNotThereIsNotLostUnasked() {
        NodeOptions without = node(1, 3);
        Restore restore = Restore.from(snapshot);
        assertRefused("the state of [bank] on node 2, 7 messages in group \"feed\"", restore, without);
        restore.leavingOutOthers().into(without);
        RestoredState state = RestoredState.in(without.dataDirectory());
        assertEquals(List.of("balance of n1"), participant(state));
    }

    @Test
    void aSnapshotOfAnotherClusterIsRefused() {
        assertRefused(
                snapshot + " is a snapshot of cluster \"shop\", not of \"bakery\"",
                Restore.from(snapshot).ofCluster("bakery"),
                node(1, 2, 3));
        assertRefused("there is no snapshot here", Restore.from(directory), node(1, 2, 3));
    }

    @Test
    void aDataDirectoryThatIsInUseIsRefused() throws IOException {
        NodeOptions node = node(1, 2, 3);
        Files.createDirectories(node.dataDirectory());
        Path precious = Files.writeString(node.dataDirectory().resolve("precious"), "!");
        assertRefused(node.dataDirectory() + " is not empty. Nothing was changed", Restore.from(snapshot), node);
        assertEquals("!", Files.readString(precious));
        Files.delete(precious);
        Restore.from(snapshot).into(node);
        assertRefusedAgain(node);
    }

    private void assertRefusedAgain(NodeOptions node) {
        SnapshotException refused = assertThrows(
                SnapshotException.class, () -> Restore.from(snapshot).into(node));
        assertTrue(String.valueOf(refused.getMessage()).contains("is not empty"), refused::getMessage);
    }

    /** For each file of the snapshot: nothing is restored, and nothing is left behind. */
    @Test
    void whatIsAlteredTruncatedOrMissingIsRefused() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(snapshot)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        assertEquals(1 + 3 + 3 * 2 * 3, files.size());
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            flipped[flipped.length / 2] ^= 1;
            List<byte[]> spoiled = new ArrayList<>(List.of(flipped, Arrays.copyOf(whole, whole.length - 1)));
            for (byte[] each : spoiled) {
                Files.write(file, each);
                assertRefused("", Restore.from(snapshot), node(1, 2, 3));
            }
            Files.delete(file);
            assertRefused("missing", Restore.from(snapshot), node(1, 2, 3));
            Files.write(file, whole);
        }
        Files.move(snapshot.resolve("node-3"), directory.resolve("aside"));
        assertRefused("is not whole without the part of n3", Restore.from(snapshot), node(1, 2, 3));
        assertFalse(Files.exists(directory.resolve("new")), () -> {
            try {
                return DurableFiles.list(directory.resolve("new")).toString();
            } catch (IOException e) {
                return e.toString();
            }
        });
    }
}
