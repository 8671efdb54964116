package io.loggos.paxos.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.StorageException;
import io.loggos.api.TransportException;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot be opened leaves nothing behind: no change on the disk (RULES.md O-3), and no thread. */
class RefusedOpeningTest {
    @TempDir
    Path directory;

    private NodeBuilder builder(int port) {
        return Node.builder()
                .clusterId("refused")
                .id(1)
                .listen("127.0.0.1:" + port)
                .dataDirectory(directory.resolve("data"));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("loggos"))
                .collect(Collectors.toSet());
    }

    @Test
    void addressThatIsTakenIsNoticedBeforeTheDiskIsTouched() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeBuilder builder = builder(taken.getLocalPort());
            TransportException refusal = assertThrows(TransportException.class, builder::open);
            assertTrue(refusal.getMessage().startsWith("cannot listen on 127.0.0.1:"), refusal.getMessage());
        }
        assertFalse(Files.exists(directory.resolve("data")));
    }

    @Test
    void checkpointsThatCannotBeOpenedLeaveNoThreadAndNoLock() throws IOException {
        builder(0).open().close();
        Path checkpoints = directory.resolve("data").resolve("checkpoints");
        Files.delete(checkpoints);
        Files.writeString(checkpoints, "no directory");
        Set<Thread> before = threads();

        StorageException refusal = assertThrows(StorageException.class, builder(0)::open);
        assertEquals(StorageException.Kind.IO, refusal.kind());
        Set<Thread> left = threads();
        left.removeAll(before);
        assertEquals(List.of(), List.copyOf(left));

        Files.delete(checkpoints);
        builder(0).open().close();
    }
}
