package io.loggos.paxos.runtime.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.loggos.api.Bytes;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Transport;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.testkit.VirtualTime;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory for frames that the loop has not taken (RULES.md B-9). */
class TransportEventsTest {
    private static final int FRAME_BYTES = 64 << 10;
    private static final TransportOptions OPTIONS = TransportOptions.builder()
            .maxFrameBytes(FRAME_BYTES)
            .windowBytes(2 * FRAME_BYTES)
            .build();
    /** The frames that one connection may have under way. */
    private static final int MOST_FRAMES = 3;

    private static final int PEERS = 2;

    private final LoneLog node;
    private final TransportEvents received;

    TransportEventsTest(@TempDir Path directory) {
        node = new LoneLog(directory);
        FileSystem files = Jimfs.newFileSystem(Configuration.unix());
        BulkServer bulk = new BulkServer(
                new VirtualTime(),
                SnapshotStore.open(files.getPath("/snapshots"), LoneLog.PEER, DirectoryCheckpointStore::new));
        received = new TransportEvents(node.events, node.links, bulk, node.watch, request -> request, OPTIONS, PEERS);
    }

    /** A connection of a stranger, who dials again and again. */
    private static final class Stranger implements Transport.Connection {
        private final List<String> closed = new ArrayList<>();

        @Override
        public void send(List<Bytes> frame) {}

        @Override
        public void close(String reason) {
            closed.add(reason);
        }
    }

    private Stranger connect() {
        Stranger stranger = new Stranger();
        received.accepted(stranger);
        return stranger;
    }

    private void sends(Stranger stranger, int frames) {
        for (int i = 0; i < frames; i++) {
            received.received(stranger, Bytes.wrap(new byte[FRAME_BYTES]));
        }
    }

    private void takeAll() {
        for (EventLoop.Step step = node.events.poll(); step != null; step = node.events.poll()) {
            step.at(0);
        }
    }

    @Test
    void connectionThatSendsMoreThanItsWindowEnds() {
        Stranger stranger = connect();
        sends(stranger, MOST_FRAMES);
        assertEquals(List.of(), stranger.closed);
        sends(stranger, 1);
        assertEquals(List.of("more is under way than the window allows"), stranger.closed);
        long waits = received.inboxBytes();
        sends(stranger, 1);
        assertEquals(waits, received.inboxBytes());
    }

    /** Messages of connections that have ended still wait, so new ones would add to it without end. */
    @Test
    void noConnectionIsAcceptedWhileMoreWaitsThanAllPeersMaySend() {
        long most = (PEERS + 1) * (OPTIONS.windowBytes() + 2L * FRAME_BYTES);
        int accepted = 0;
        Stranger last = connect();
        while (last.closed.isEmpty()) {
            accepted++;
            sends(last, MOST_FRAMES);
            received.closed(last, "it has gone");
            last = connect();
        }
        assertEquals(List.of("too much waits to be taken"), last.closed);
        assertTrue(received.inboxBytes() > most);
        assertTrue(received.inboxBytes() <= most + OPTIONS.windowBytes() + 2L * FRAME_BYTES);
        assertEquals(received.inboxBytes(), accepted * (long) MOST_FRAMES * (FRAME_BYTES + 64));
        sends(last, 1);
        assertEquals(received.inboxBytes(), accepted * (long) MOST_FRAMES * (FRAME_BYTES + 64));

        takeAll();
        assertEquals(0, received.inboxBytes());
        assertEquals(List.of(), connect().closed);
    }
}
