package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.Consistency;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cluster is snapshotted under writes, exported, and restored elsewhere under another name. */
class RestoredClusterTest {
    private static final int NODES = 3;

    @TempDir
    private Path directory;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private List<NodeBuilder> cluster(String name, List<Integer> ports) {
        List<NodeBuilder> builders = new ArrayList<>();
        for (int id = 1; id <= NODES; id++) {
            NodeBuilder builder = Node.builder()
                    .clusterId(name)
                    .id(id)
                    .listen("127.0.0.1:" + ports.get(id - 1))
                    .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                    .dataDirectory(directory.resolve(name).resolve(Integer.toString(id)));
            for (int peer = 1; peer <= NODES; peer++) {
                if (peer != id) {
                    builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
                }
            }
            builders.add(builder);
        }
        return builders;
    }

    private List<KeyValueStore> open(List<NodeBuilder> builders) {
        builders.forEach(builder -> nodes.add(builder.open()));
        return nodes.stream().map(node -> node.keyValueStore("orders")).toList();
    }

    private void closeAll() {
        nodes.forEach(Node::close);
        nodes.clear();
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static String key(int number) {
        return String.format(Locale.ROOT, "key %06d", number);
    }

    private static void put(KeyValueStore store, int number) {
        get(store.put(Bytes.utf8(key(number)), Bytes.utf8("value " + number)));
    }

    private static List<KeyValue> all(KeyValueStore store) {
        return get(store.range(Consistency.LINEARIZABLE, Operation.Range.of(KeyRange.all())))
                .value()
                .keyValues();
    }

    /**
     * Keys are written one after the other. The restored store has a prefix of them, with all that were acknowledged.
     */
    @Test
    void aRestoredClusterServesTheStateOfTheCut() throws Exception {
        List<KeyValueStore> stores = open(cluster("shop", FreePorts.draw(NODES)));
        for (Node node : nodes) {
            node.participant("wallet", () -> Bytes.utf8("money of " + node.id()));
        }
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean going = new AtomicBoolean(true);
        Thread writer = new Thread(() -> {
            for (int i = 0; going.get(); i++) {
                put(stores.get(i % NODES), i);
                answered.set(i + 1);
            }
        });
        writer.start();
        int before;
        GlobalSnapshot cut;
        try {
            while (answered.get() < 50) {
                Thread.onSpinWait();
            }
            before = answered.get();
            cut = get(nodes.get(1)
                    .snapshot(SnapshotOptions.builder()
                            .deadline(Duration.ofSeconds(25))
                            .build()));
        } finally {
            going.set(false);
            writer.join();
        }
        Path backup = directory.resolve("backup");
        GlobalSnapshot exported = get(nodes.get(2).snapshots().export(cut.id(), backup, SnapshotProgress.NONE));
        assertEquals(cut, exported);
        closeAll();

        List<NodeBuilder> staging = cluster("staging", FreePorts.draw(NODES));
        staging.forEach(node -> Restore.from(backup).ofCluster("shop").into(node.build()));
        List<KeyValueStore> restored = open(staging);
        List<KeyValue> found = all(restored.get(0));
        assertTrue(found.size() >= before, () -> found.size() + " keys, " + before + " answered before the snapshot");
        assertTrue(found.size() <= answered.get());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(key(i), found.get(i).key().toUtf8());
            assertEquals("value " + i, found.get(i).value().toUtf8());
        }
        for (KeyValueStore store : restored) {
            assertEquals(found, all(store));
        }
        restoresParticipants();

        put(restored.get(2), found.size());
        closeAll();
        List<KeyValueStore> again = open(staging);
        put(again.get(0), found.size() + 1);
        for (KeyValueStore store : again) {
            List<KeyValue> now = all(store);
            assertEquals(found.size() + 2, now.size());
            assertEquals(found, now.subList(0, found.size()));
        }
    }

    private void restoresParticipants() {
        for (Node node : nodes) {
            AtomicReference<String> given = new AtomicReference<>("nothing");
            node.participant("wallet", new Recorder() {
                @Override
                public Bytes record() {
                    return Bytes.EMPTY;
                }

                @Override
                public void restore(Bytes state) {
                    given.set(state.toUtf8());
                }
            });
            GroupNodes.within(() -> assertEquals("money of " + node.id(), given.get()));
        }
    }

    /** Tokens on one node, which travel to the next node in messages while the test runs. */
    private static final class Purse implements GroupListener, Recorder {
        private final AtomicLong tokens = new AtomicLong();
        private final AtomicBoolean going;
        private final NodeId next;
        private final Participant participant;
        private final Group group;

        Purse(Node node, AtomicBoolean going) {
            this.going = going;
            this.next = NodeId.of(node.id().value() % NODES + 1);
            this.participant = node.participant("purse", this);
            this.group = node.join("purses", Ordering.FIFO, this);
        }

        void fill(int count) {
            participant.execute(() -> {
                tokens.addAndGet(count);
                for (int i = 0; i < count / 2; i++) {
                    give();
                }
            });
        }

        private void give() {
            if (going.get() && tokens.get() > 0) {
                tokens.decrementAndGet();
                group.send(next, Bytes.utf8("token"));
            }
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            tokens.incrementAndGet();
            give();
        }

        @Override
        public Bytes record() {
            return Bytes.utf8(Long.toString(tokens.get()));
        }

        @Override
        public void restore(Bytes state) {
            tokens.set(Long.parseLong(state.toUtf8()));
        }
    }

    private static void awaitGroup(List<Purse> purses) {
        purses.forEach(purse -> GroupNodes.within(() ->
                assertEquals(NODES, purse.group.view().orElseThrow().members().size())));
    }

    private static long inStates(GlobalSnapshot cut) {
        return cut.states("purse", state -> Long.parseLong(state.toUtf8())).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void noTokenIsLostOrDoubledByARestore() throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        open(cluster("shop", FreePorts.draw(NODES)));
        List<Purse> purses = nodes.stream().map(node -> new Purse(node, going)).toList();
        awaitGroup(purses);
        purses.forEach(purse -> purse.fill(100));
        AtomicReference<GlobalSnapshot> found = new AtomicReference<>();
        GroupNodes.within(() -> {
            GlobalSnapshot cut = get(nodes.get(0).snapshot());
            assertEquals(3 * 100, inStates(cut) + cut.inFlight("purses").size());
            assertFalse(cut.inFlight("purses").isEmpty());
            found.set(cut);
        });
        Path backup = directory.resolve("backup");
        get(nodes.get(0).snapshots().export(found.get().id(), backup, SnapshotProgress.NONE));
        going.set(false);
        closeAll();

        List<NodeBuilder> staging = cluster("staging", FreePorts.draw(NODES));
        staging.forEach(node -> Restore.from(backup).into(node.build()));
        open(staging);
        List<Purse> restored =
                nodes.stream().map(node -> new Purse(node, going)).toList();
        awaitGroup(restored);
        GroupNodes.within(() -> assertEquals(
                3 * 100,
                restored.stream().mapToLong(purse -> purse.tokens.get()).sum()));
        GlobalSnapshot again = get(nodes.get(1).snapshot());
        assertEquals(3 * 100, inStates(again));
        assertEquals(List.of(), again.inFlight("purses"));
    }
}
