package io.loggos.paxos.runtime.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.SystemClock;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.CheckpointManifestCodec;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkpoints do not travel on the links, and yet they carry nothing past a cut. */
class BulkServerTest {
    private static final LogId LOG = LogId.ofName("orders");

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private BulkServer server;
    private CheckpointManifest checkpoint;

    @BeforeEach
    void open() throws IOException {
        DirectoryCheckpointStore store = new DirectoryCheckpointStore(files.getPath("/checkpoints"));
        checkpoint = store.write(LOG, 7, Bytes.EMPTY, into -> Files.writeString(into.resolve("state"), "state"));
        server = new BulkServer(
                new SystemClock(),
                SnapshotStore.open(files.getPath("/snapshots"), NodeId.of(1), DirectoryCheckpointStore::new));
        server.serve(LOG, store, untilNanos -> {});
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    private @Nullable Bytes which() {
        return server.answer(BulkProtocol.encode(new BulkProtocol.WhichCheckpoint(LOG, 1)));
    }

    private @Nullable Bytes chunk() {
        return server.answer(BulkProtocol.encode(new BulkProtocol.Chunk(LOG, checkpoint.hash(), "state", 0, 5)));
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
        server.serve(LOG, new DirectoryCheckpointStore(files.getPath("/checkpoints")), untilNanos -> {
            server.cutBegins();
            server.cutEnds();
        });
        assertNull(which());
        assertNull(chunk());
    }
}
