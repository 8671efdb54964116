package io.loggos.paxos.runtime.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkpoints do not travel on the links, and yet they carry nothing past a cut. They stay while they are fetched. */
class BulkServerTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);
    private static final long SECOND = 1_000_000_000L;

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private final VirtualTime time = new VirtualTime();
    private final List<CheckpointManifest> doubted = new ArrayList<>();
    private long heldUntil = Long.MIN_VALUE;
    private DirectoryCheckpointStore store;
    private BulkServer server;
    private CheckpointManifest checkpoint;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryCheckpointStore(files.getPath("/checkpoints"));
        checkpoint = write(7);
        server = new BulkServer(
                time, SnapshotStore.open(files.getPath("/snapshots"), NodeId.of(1), DirectoryCheckpointStore::new));
        server.serve(LOG, store, new Owner());
    }

    private final class Owner implements BulkServer.Owner {
        @Override
        public void verify(CheckpointManifest manifest) {
            doubted.add(manifest);
        }

        @Override
        public void holdCheckpointsUntil(long nanos) {
            heldUntil = nanos;
        }
    }

    private CheckpointManifest write(long slot) throws IOException {
        return store.write(LOG, slot, Bytes.EMPTY, into -> Files.writeString(into.resolve("state"), "state" + slot));
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private @Nullable Bytes which() {
        return which(Bytes.EMPTY);
    }

    private @Nullable Bytes which(Bytes begun) {
        return server.answer(BulkProtocol.encode(new BulkProtocol.WhichCheckpoint(LOG, TWO, 1, begun)));
    }

    private @Nullable Bytes chunk() {
        return chunk(TWO, checkpoint);
    }

    private @Nullable Bytes chunk(NodeId receiver, CheckpointManifest of) {
        return server.answer(BulkProtocol.encode(new BulkProtocol.Chunk(LOG, receiver, of.hash(), "state", 0, 5)));
    }

    private @Nullable Bytes end(NodeId receiver, boolean sound) {
        return server.answer(BulkProtocol.encode(new BulkProtocol.Ended(LOG, receiver, checkpoint.hash(), sound)));
    }

    @Test
    void noCheckpointIsGivenFromTheCutUntilAllMarkersHaveCome() {
        assertEquals(checkpoint, CheckpointManifestCodec.decode(which()));
        server.cutBegins();
        assertNull(which());
        assertNull(chunk());
        server.cutEnds();
        assertNotNull(which());
        assertNotNull(chunk());
    }

    /** A checkpoint that was requested before the cut and read after it may hold state from after the cut. */
    @Test
    void anAnswerIsNotGivenPastACutThatComesMeanwhile() {
        server.serve(LOG, new DirectoryCheckpointStore(files.getPath("/checkpoints")), new BulkServer.Owner() {
            @Override
            public void verify(CheckpointManifest manifest) {
                throw new AssertionError("nobody doubts it");
            }

            @Override
            public void holdCheckpointsUntil(long nanos) {
                server.cutBegins();
                server.cutEnds();
            }
        });
        assertNull(which());
        assertNull(chunk());
    }

    /** A question is answered in no time: the checkpoint is not read for it, whatever its size. */
    @Test
    void aQuestionDoesNotReadTheCheckpoint() throws IOException {
        Files.delete(store.directory(checkpoint).resolve("state"));
        assertEquals(checkpoint, CheckpointManifestCodec.decode(which()));
    }

    @Test
    void aCheckpointIsHeldAsLongAsNewPiecesAreFetched() {
        which();
        assertEquals(60 * SECOND, heldUntil);
        time.runUntil(50 * SECOND);
        chunk();
        assertEquals(110 * SECOND, heldUntil);
        time.runUntil(100 * SECOND);
        chunk();
        which();
        assertEquals(110 * SECOND, heldUntil, "a piece that comes again is no progress");
        chunk(THREE, checkpoint);
        assertEquals(160 * SECOND, heldUntil, "it is one for another node");
    }

    @Test
    void aCheckpointIsNotHeldOnceAllReceiversHaveIt() {
        chunk(TWO, checkpoint);
        chunk(THREE, checkpoint);
        assertEquals(Bytes.EMPTY, end(TWO, true));
        assertTrue(heldUntil > time.nanos());
        end(THREE, true);
        assertFalse(heldUntil > time.nanos());
        assertEquals(List.of(), doubted);
    }

    /** RULES.md F-15: a checkpoint that arrived with another hash is read again at its source. */
    @Test
    void aCheckpointThatAReceiverDoubtsIsVerified() {
        chunk();
        end(TWO, false);
        assertEquals(List.of(checkpoint), doubted);
    }

    /** RULES.md M-6: a receiver goes on with what it has begun, also when a newer one is there or the source restarted. */
    @Test
    void aCheckpointThatWasBegunIsOfferedAsLongAsItIsKept() throws IOException {
        CheckpointManifest newer = write(8);
        assertEquals(newer, CheckpointManifestCodec.decode(which()));
        assertEquals(checkpoint, CheckpointManifestCodec.decode(which(checkpoint.hash())));
        assertNotNull(chunk());
        write(9);
        assertEquals(9, CheckpointManifestCodec.decode(which(checkpoint.hash())).slot());
        assertNull(chunk());
    }
}
