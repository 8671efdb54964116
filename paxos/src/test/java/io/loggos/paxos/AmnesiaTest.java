package io.loggos.paxos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.internal.files.DurableFiles;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RULES.md O-4, F-14: real nodes, one of which gets an older copy of its own data directory. */
class AmnesiaTest {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<Integer> ports = FreePorts.draw(NODES);
    private final List<Node> nodes = new ArrayList<>();
    private final List<KeyValueStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node open(int id) {
        NodeBuilder builder = Node.builder()
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                .dataDirectory(home(id));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder.open();
    }

    private Path home(int id) {
        return directory.resolve(Integer.toString(id));
    }

    /** Opens the third node again. */
    private void reopen() {
        nodes.set(2, open(3));
        stores.set(2, nodes.get(2).keyValueStore("orders"));
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void put(int id, String key, String value) {
        get(stores.get(id - 1).put(Bytes.utf8(key), Bytes.utf8(value)));
    }

    private String read(int id, String key) {
        return get(stores.get(id - 1).get(Bytes.utf8(key)))
                .orElseThrow()
                .value()
                .toUtf8();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private void replaceBy(Path copy) throws IOException {
        DurableFiles.deleteTree(home(3));
        copyTree(copy, home(3));
    }

    private void isFenced() {
        Node node = nodes.get(2);
        await().atMost(PATIENCE).until(() -> node.status().fenced() != null);
        await().atMost(PATIENCE).until(() -> status().role() == Role.HALTED);
        assertTrue(String.valueOf(status().halted()).contains("AMNESIA_DETECTED"), () -> status().toString());
        CompletionException failed = assertThrows(
                CompletionException.class, () -> get(stores.get(2).put(Bytes.utf8("k"), Bytes.utf8("diverged"))));
        assertInstanceOf(ReplicaHaltedException.class, failed.getCause());
        failed = assertThrows(CompletionException.class, () -> read(3, "k"));
        assertInstanceOf(ReplicaHaltedException.class, failed.getCause());
        for (int other = 1; other <= 2; other++) {
            Node peer = nodes.get(other - 1);
            await().atMost(PATIENCE)
                    .until(() -> peer.status()
                            .refused()
                            .getOrDefault(NodeId.of(3), "")
                            .startsWith("AMNESIA_DETECTED"));
        }
    }

    private ReplicaStatus status() {
        return nodes.get(2).status().replicas().get(0);
    }

    @Test
    void olderCopyIsFencedAndTheLatestComesBack() throws IOException {
        for (int id = 1; id <= NODES; id++) {
            nodes.add(open(id));
            stores.add(nodes.get(id - 1).keyValueStore("orders"));
        }
        put(3, "k", "old");
        nodes.get(2).close();
        Path older = directory.resolve("older");
        copyTree(home(3), older);

        reopen();
        put(3, "k", "new");
        assertEquals("new", read(3, "k"));
        nodes.get(2).close();
        Path latest = directory.resolve("latest");
        copyTree(home(3), latest);
        put(1, "m", "meanwhile");

        replaceBy(older);
        reopen();
        isFenced();
        put(2, "n", "without it");
        assertEquals("new", read(1, "k"));

        nodes.get(2).close();
        reopen();
        isFenced();
        assertNotNull(nodes.get(2).status().fenced());
        put(1, "n", "still without it");

        nodes.get(2).close();
        replaceBy(latest);
        reopen();
        assertEquals("new", read(3, "k"));
        put(3, "n", "with it");
        assertNull(nodes.get(2).status().fenced());
        assertEquals("with it", read(1, "n"));
    }
}
