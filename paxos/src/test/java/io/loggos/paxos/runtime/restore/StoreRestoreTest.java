package io.loggos.paxos.runtime.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.paxos.StoreRestore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster begins with the contents of a store of another. */
class StoreRestoreTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");

    @TempDir
    Path directory;

    @Test
    void goesOnWhereTheOtherWas() throws Exception {
        NodeOptions old = options("old");
        NodeOptions created = options("new");
        Outcome.Range now;
        Outcome.Range before;
        long lease;
        try (Node node = old.toBuilder().open()) {
            KeyValueStore store = node.keyValueStore("orders");
            lease = store.leases().grant(Duration.ofMinutes(5)).join().id();
            store.put(Operation.Put.of(A, Bytes.utf8("1")).attachedTo(lease)).join();
            store.put(A, Bytes.utf8("2")).join();
            store.put(A, Bytes.utf8("3")).join();
            store.put(Operation.Put.of(B, Bytes.utf8("4")).attachedTo(lease)).join();
            store.compact(new Operation.Compact(3)).join();
            store.maintenance().raise(new Alarm(1, Alarm.Kind.NO_SPACE)).join();
            now = read(store, 0);
            before = read(store, 3);
            try (StoreContents contents = store.maintenance().contents().join().value()) {
                StoreRestore.into("orders", contents, created);
                SnapshotException used =
                        assertThrows(SnapshotException.class, () -> StoreRestore.into("orders", contents, created));
                assertTrue(String.valueOf(used.getMessage()).contains("is not empty"), used::toString);
            }
        }
        for (int life = 0; life < 2; life++) {
            try (Node node = created.toBuilder().open()) {
                KeyValueStore store = node.keyValueStore("orders");
                if (life == 0) {
                    assertEquals(now, read(store, 0));
                    assertEquals(before, read(store, 3));
                    assertRefused(KeyValueException.Reason.COMPACTED, () -> read(store, 2));
                    assertEquals(List.of(), store.maintenance().alarms());
                    assertEquals(
                            List.of(B),
                            store.leases().timeToLive(lease, true).join().keys());
                    store.leases().revoke(lease).join();
                }
                assertEquals(1, read(store, 0).count());
                assertEquals(6, store.revision());
            }
        }
    }

    @Test
    void contentsThatFailLeaveNothingBehind() throws Exception {
        NodeOptions created = options("new");
        try (Node node = options("old").toBuilder().open()) {
            KeyValueStore store = node.keyValueStore(
                    "orders",
                    ReplicaOptions.defaults(),
                    KeyValueOptions.builder().maxOperations(5).build());
            store.put(A, B).join();
            StoreContents contents = store.maintenance().contents().join().value();
            store.close();
            assertThrows(RuntimeException.class, () -> StoreRestore.into("orders", contents, created));
        }
        assertFalse(Files.exists(created.dataDirectory()));
    }

    private static Outcome.Range read(KeyValueStore store, long revision) {
        return store.range(
                        Consistency.LINEARIZABLE,
                        Operation.Range.of(KeyRange.all()).atRevision(revision))
                .join()
                .value();
    }

    private static void assertRefused(KeyValueException.Reason reason, Runnable read) {
        CompletionException failed = assertThrows(CompletionException.class, read::run);
        assertEquals(reason, ((KeyValueException) failed.getCause()).reason());
    }

    private NodeOptions options(String name) {
        return Node.builder()
                .clusterId(name)
                .id(1)
                .listen("localhost:0")
                .dataDirectory(directory.resolve(name))
                .build();
    }
}
