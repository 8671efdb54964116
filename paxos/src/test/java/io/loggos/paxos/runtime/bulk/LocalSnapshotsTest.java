package io.loggos.paxos.runtime.bulk;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.SystemClock;
import io.loggos.internal.files.DurableFiles;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.PartWriter;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.snapshot.testkit.Cuts;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three stores on file systems in memory. The test runs the worker that copies their contents. */
class LocalSnapshotsTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final int STATE_BYTES = 600_000;

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private final Path target = files.getPath("/export/there");
    private final TreeMap<NodeId, SnapshotStore> stores = new TreeMap<>();
    private final TreeMap<NodeId, BulkServer> servers = new TreeMap<>();
    private final BackgroundWorker worker = new BackgroundWorker("test", () -> {});
    private final List<SnapshotId> deleted = new ArrayList<>();
    /** The change that the network makes to a peer's answer. */
    private UnaryOperator<@Nullable Bytes> network = UnaryOperator.identity();

    private LocalSnapshots snapshots;
    private SnapshotTasks tasks;

    @BeforeEach
    void open() throws IOException {
        for (NodeId node : List.of(ONE, TWO, THREE)) {
            SnapshotStore store = SnapshotStore.open(root(node), node, DirectoryCheckpointStore::new);
            stores.put(node, store);
            servers.put(node, new BulkServer(new SystemClock(), store));
        }
        SnapshotFetch fetch = new SnapshotFetch(ONE, new Peers(), worker, servers.get(ONE));
        tasks = new SnapshotTasks(ONE, stores.get(ONE), fetch, worker, new UserCodeHere());
        snapshots = new LocalSnapshots(stores.get(ONE), tasks, deleted::add);
        take(1);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    /** Sends requests to the servers of the other nodes. */
    private final class Peers extends RequestsOnly {
        @Override
        public void request(NodeId peer, Bytes request, Consumer<@Nullable Bytes> answer) {
            answer.accept(network.apply(servers.get(peer).answer(request)));
        }
    }

    private Path root(NodeId node) {
        return files.getPath("/data", Integer.toString(node.value()), "snapshots");
    }

    private static SnapshotId id(long number) {
        return new SnapshotId(TWO, 3, number);
    }

    private void take(long number) throws IOException {
        TreeMap<NodeId, PartDigest> parts = new TreeMap<>();
        for (NodeId node : stores.keySet()) {
            PartWriter writer = stores.get(node).begin(id(number));
            parts.put(node, writer.finish(part(node, writer)));
        }
        SnapshotManifest manifest = SnapshotManifest.of(
                id(number),
                new SnapshotManifest.Keeping(number, SnapshotOptions.APPLICATION),
                "shop",
                Cuts.VIEW,
                Instant.ofEpochSecond(number),
                parts);
        for (SnapshotStore store : stores.values()) {
            store.publish(manifest, 1);
        }
    }

    private static NodeCut part(NodeId node, PartWriter writer) throws IOException {
        CheckpointManifest state = writer.writeState(LOG, 12, Bytes.utf8("sessions"), into -> {
            Files.write(into.resolve("a.sst"), new byte[STATE_BYTES]);
            Files.writeString(into.resolve("CURRENT"), "of " + node);
        });
        ReplicaCut like = Cuts.replica(12);
        ReplicaCut replica = new ReplicaCut(
                like.log(),
                like.slot(),
                like.ballot(),
                like.firstSlot(),
                like.acceptedSlot(),
                like.chosenSlot(),
                like.history(),
                state.hash(),
                state.sizeBytes());
        return Cuts.with(Cuts.good(node), List.of(replica));
    }

    private <T> T get(CompletableFuture<T> future) {
        int idle = 0;
        while (!future.isDone() && idle < 2) {
            idle = worker.doWork() == 0 ? idle + 1 : 0;
        }
        assertTrue(future.isDone(), "the worker has nothing to do, and it is not done");
        return future.join();
    }

    private void assertFails(String message, CompletableFuture<?> future) {
        CompletionException failed = assertThrows(CompletionException.class, () -> get(future));
        SnapshotException failure = assertInstanceOf(SnapshotException.class, failed.getCause());
        assertTrue(String.valueOf(failure.getMessage()).contains(message), failure::getMessage);
    }

    private CompletableFuture<GlobalSnapshot> export() {
        return snapshots.export(id(1), target, SnapshotProgress.NONE);
    }

    private void assertNothingIsLeft() throws IOException {
        assertEquals(List.of(), DurableFiles.list(files.getPath("/export")));
    }

    @Test
    void openedItHasThePartsOfAllNodes() {
        GlobalSnapshot opened = get(snapshots.open(id(1)));
        assertEquals(List.of(ONE, TWO, THREE), List.copyOf(opened.nodes().keySet()));
        assertEquals("balance of n3", opened.states("bank", Bytes::toUtf8).get(THREE));
        assertEquals(id(1), snapshots.list().get(0).id());
        assertEquals(id(1), get(snapshots.verify(id(1), SnapshotProgress.NONE)).id());
    }

    @Test
    void anExportIsWhole() throws IOException {
        List<String> told = new ArrayList<>();
        GlobalSnapshot exported =
                get(snapshots.export(id(1), target, (what, done, all) -> told.add(what + " " + done + "/" + all)));
        SnapshotDirectory directory = SnapshotDirectory.open(target, DirectoryCheckpointStore::new);
        directory.verify(stores.keySet(), SnapshotProgress.NONE);
        assertEquals(exported, directory.snapshot());
        for (NodeId node : stores.keySet()) {
            ReplicaCut replica = exported.nodes().get(node).replicas().get(0);
            Path state = directory.states(node).directory(directory.state(node, replica));
            assertEquals("of " + node, Files.readString(state.resolve("CURRENT")));
            assertEquals(STATE_BYTES, Files.size(state.resolve("a.sst")));
        }
        assertEquals("copy 0/1800015", told.get(0));
        assertTrue(told.contains("copy 1800015/1800015"), told::toString);
        assertEquals("verify 1800015/1800015", told.get(told.size() - 1));
        assertEquals(List.of(target), DurableFiles.list(files.getPath("/export")));
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("precious"), "!");
        assertFails(target + " is not empty", export());
        assertEquals(1, DurableFiles.list(target).size());
        Files.delete(target.resolve("precious"));
        Files.createDirectories(files.getPath("/export/.there.unfinished/node-1")); // an interrupted attempt
        get(export());
        assertTrue(Files.exists(target.resolve("manifest")));
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertFails("node 1 has no snapshot " + id(2), snapshots.open(id(2)));
        assertFails("node 1 has no snapshot " + id(2), snapshots.export(id(2), target, SnapshotProgress.NONE));
        assertFails("node 1 has no snapshot " + id(2), snapshots.verify(id(2), SnapshotProgress.NONE));
        assertFails("node 1 has no snapshot " + id(2), snapshots.delete(id(2)));
        assertFalse(Files.exists(target));
        get(snapshots.delete(id(1)));
        assertEquals(List.of(id(1)), deleted);
    }

    @Test
    void aPeerThatDoesNotAnswerIsNamed() throws IOException {
        network = answer -> null;
        assertFails("node 2: it did not send its part: no answer", export());
        assertNothingIsLeft();
        network = UnaryOperator.identity();
        stores.get(THREE).delete(id(1));
        assertFails("node 3: it did not send its part: no answer", snapshots.open(id(1)));
    }

    /** Every other answer is lost or altered. */
    @Test
    void whatIsLostOrAlteredIsAskedForAgain() {
        int[] asked = {0};
        network = answer -> switch (asked[0]++ % 4) {
            case 1 -> null;
            case 3 -> flipped(answer);
            default -> answer;
        };
        CompletableFuture<GlobalSnapshot> opened = snapshots.open(id(1));
        assertEquals(3, get(opened).nodes().size());
        assertTrue(asked[0] > 2, () -> "asked " + asked[0]);
    }

    private static @Nullable Bytes flipped(@Nullable Bytes answer) {
        if (answer == null) {
            return null;
        }
        byte[] bytes = answer.toByteArray();
        bytes[bytes.length / 2] ^= 1;
        return Bytes.wrap(bytes);
    }

    @Test
    void aStateThatHasRottedIsNotExported() throws IOException {
        Path table;
        try (var all = Files.walk(root(TWO))) {
            table = all.filter(file -> file.endsWith("a.sst")).findFirst().orElseThrow();
        }
        byte[] content = Files.readAllBytes(table);
        content[77] ^= 1;
        Files.write(table, content);
        assertFails("node 2: the state of log \"orders\": its hash differs", export());
        assertNothingIsLeft();
    }

    /** Each node keeps only one snapshot, and yet a snapshot stays until its copy is finished. */
    @Test
    void anExportIsNotOvertakenByNewerSnapshots() throws IOException {
        CompletableFuture<GlobalSnapshot> exported = export();
        for (int number = 2; !exported.isDone(); number++) {
            for (int step = 0; step < 8; step++) {
                worker.doWork();
            }
            take(number);
            assertTrue(number < 100, "it does not end");
        }
        assertEquals(id(1), get(exported).id());
        take(101);
        take(102);
        assertEquals(
                List.of(id(102)),
                snapshots.list().stream().map(info -> info.id()).toList());
    }

    @Test
    void nobodyWaitsForANodeThatIsClosed() {
        CompletableFuture<GlobalSnapshot> exported = export();
        worker.doWork();
        tasks.close();
        for (CompletableFuture<?> each : List.of(exported, snapshots.open(id(1)))) {
            CompletionException failed = assertThrows(CompletionException.class, each::join);
            assertInstanceOf(NodeClosedException.class, failed.getCause());
        }
    }
}
