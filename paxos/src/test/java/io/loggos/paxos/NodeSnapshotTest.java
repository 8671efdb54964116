package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.Ordering;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.Node;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.Watch;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Global snapshots, as an application uses them. */
class NodeSnapshotTest extends GroupNodes {
    private static final long TOKENS = 1_000;
    private static final SnapshotOptions PATIENT =
            SnapshotOptions.builder().deadline(Duration.ofSeconds(20)).build();

    /** Tokens on one node, which it sends to others in messages while the test runs. */
    private static final class Purse implements GroupListener, Recorder {
        private final Group group;
        private final Participant participant;
        private final NodeId self;
        private final AtomicBoolean going;
        private long tokens = TOKENS;

        Purse(Node node, Ordering ordering, AtomicBoolean going) {
            this.self = node.id();
            this.going = going;
            this.participant = node.participant("purse", this);
            this.group = node.join("purses", ordering, this);
        }

        void begin() {
            participant.execute(() -> {
                for (int i = 0; i < 50; i++) {
                    give();
                }
            });
        }

        private void give() {
            if (going.get() && tokens > 0) {
                tokens--;
                NodeId to = NodeId.of(self.value() % NODES + 1);
                if (tokens % 2 == 0) {
                    group.send(to, Bytes.utf8("token"));
                } else {
                    group.multicast(Bytes.utf8("token for " + to.value()));
                }
            }
        }

        @Override
        public void onMessage(NodeId from, Bytes message) {
            if (holds(message, self)) {
                tokens++;
                give();
            }
        }

        @Override
        public Bytes record() {
            return new ByteWriter(8).putLong(tokens).toBytes();
        }
    }

    private static boolean holds(Bytes message, NodeId to) {
        String text = message.toUtf8();
        return text.equals("token") || text.equals("token for " + to.value());
    }

    private static long inStates(GlobalSnapshot snapshot) {
        return snapshot.states("purse", state -> new ByteReader(state).getLong()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long inChannels(GlobalSnapshot snapshot) {
        return snapshot.inFlight("purses").stream()
                .filter(each -> holds(each.message(), each.to()))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void noTokenIsLostOrDoubledInACut(Ordering ordering) {
        AtomicBoolean going = new AtomicBoolean(true);
        List<Purse> purses =
                nodes.stream().map(node -> new Purse(node, ordering, going)).toList();
        awaitAll(purses.stream().map(purse -> purse.group));
        purses.forEach(Purse::begin);
        Set<Long> inStates = new HashSet<>();
        for (int i = 0; i < 15; i++) {
            GlobalSnapshot snapshot = nodes.get(i % NODES).snapshot(PATIENT).join();
            assertEquals(NODES * TOKENS, inStates(snapshot) + inChannels(snapshot), snapshot.id()::toString);
            inStates.add(inStates(snapshot));
        }
        going.set(false);
        assertTrue(inStates.size() > 1 || !inStates.contains(NODES * TOKENS), "tokens are on their way: " + inStates);
    }

    @Test
    void anyNodeBeginsAndSeveralAtOnce() {
        AtomicBoolean going = new AtomicBoolean(true);
        List<Purse> purses = nodes.stream()
                .map(node -> new Purse(node, Ordering.FIFO, going))
                .toList();
        awaitAll(purses.stream().map(purse -> purse.group));
        purses.forEach(Purse::begin);
        List<CompletableFuture<GlobalSnapshot>> snapshots = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            snapshots.add(nodes.get(i % NODES).snapshot(PATIENT));
        }
        Set<Object> ids = new HashSet<>();
        for (CompletableFuture<GlobalSnapshot> each : snapshots) {
            GlobalSnapshot snapshot = each.join();
            ids.add(snapshot.id());
            assertEquals(NODES * TOKENS, inStates(snapshot) + inChannels(snapshot));
        }
        going.set(false);
        assertEquals(12, ids.size());
    }

    @Test
    void replicasAreRecordedWithSlotStateAndHistory() {
        List<KeyValueStore> stores =
                nodes.stream().map(node -> node.keyValueStore("orders")).toList();
        for (int i = 0; i < 50; i++) {
            stores.get(i % NODES)
                    .put(Bytes.utf8("key" + i), Bytes.utf8("value"))
                    .join();
        }
        GlobalSnapshot snapshot = nodes.get(1).snapshot(PATIENT).join();
        assertEquals(NODES, snapshot.nodes().size());
        TreeMap<Slot, Set<Long>> histories = new TreeMap<>();
        for (NodeCut node : snapshot.nodes().values()) {
            ReplicaCut replica = node.replicas().get(0);
            assertEquals("orders", replica.log());
            assertTrue(replica.stateBytes() > 0);
            assertTrue(replica.slot().compareTo(replica.chosenSlot()) <= 0);
            replica.history()
                    .forEach((slot, value) -> histories
                            .computeIfAbsent(slot, unused -> new HashSet<>())
                            .add(value));
        }
        histories.forEach((slot, values) -> assertEquals(1, values.size(), slot::toString));
    }

    @Test
    void onlyTheNodesThatAreUpTakePart() {
        within(() -> assertEquals(NODES, nodes.get(0).view().members().size()));
        nodes.remove(2).close();
        GlobalSnapshot snapshot = nodes.get(0).snapshot(PATIENT).join();
        assertEquals(Set.of(NodeId.of(1), NodeId.of(2)), snapshot.nodes().keySet());
    }

    @Test
    void aMinorityTakesNone() {
        within(() -> assertEquals(NODES, nodes.get(0).view().members().size()));
        nodes.remove(2).close();
        nodes.remove(1).close();
        within(() -> assertTrue(!nodes.get(0).view().primary()));
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> nodes.get(0)
                        .snapshot(PATIENT.toBuilder()
                                .deadline(Duration.ofMillis(500))
                                .build())
                        .join());
        assertInstanceOf(SnapshotException.class, failure.getCause());
        assertTrue(failure.getMessage().contains("primary"), failure::getMessage);
    }

    @Test
    void aRecorderThatThrowsFailsTheSnapshotAndNothingElse() {
        Participant broken = nodes.get(1).participant("broken", () -> {
            throw new IllegalStateException("out of order");
        });
        within(
                () -> { // an attempt that ends for another reason shows nothing
                    CompletionException failure = assertThrows(
                            CompletionException.class,
                            () -> nodes.get(0)
                                    .snapshot(PATIENT.toBuilder()
                                            .deadline(Duration.ofSeconds(1))
                                            .build())
                                    .join());
                    assertTrue(failure.getMessage().contains("out of order"), failure::getMessage);
                });
        broken.close();
        nodes.get(0).snapshot(PATIENT).join();
    }

    @Test
    void aParticipantIsThereOnce() {
        Participant first = nodes.get(0).participant("one", () -> Bytes.EMPTY);
        assertThrows(IllegalStateException.class, () -> nodes.get(0).participant("one", () -> Bytes.EMPTY));
        first.close();
        assertThrows(NodeClosedException.class, () -> first.execute(() -> {}));
        nodes.get(0).participant("one", () -> Bytes.EMPTY).close();
    }

    @Test
    void aWatchReportsOnceWhatItFinds() {
        AtomicBoolean done = new AtomicBoolean();
        nodes.forEach(node -> node.participant("state", () -> Bytes.utf8(done.get() ? "done" : "busy")));
        within(() -> assertEquals(NODES, nodes.get(0).view().members().size()));
        try (Watch<Map<NodeId, String>> watch = nodes.get(2)
                .watch(
                        cut -> {
                            Map<NodeId, String> states = cut.states("state", Bytes::toUtf8);
                            boolean all = states.size() == NODES
                                    && states.values().stream().allMatch("done"::equals);
                            return all ? Optional.of(states) : Optional.empty();
                        },
                        Duration.ofMillis(50))) {
            nodes.get(0).snapshot(PATIENT).join();
            assertTrue(!watch.found().isDone());
            done.set(true);
            assertEquals(
                    NODES,
                    watch.found().orTimeout(20, TimeUnit.SECONDS).join().value().size());
        }
    }

    private static void awaitAll(Stream<Group> groups) {
        groups.forEach(group -> within(
                () -> assertEquals(NODES, group.view().orElseThrow().members().size())));
    }

    @Test
    void aWatchDeletesNoSnapshotOfTheApplication() {
        nodes.forEach(
                node -> within(() -> assertEquals(NODES, node.view().members().size())));
        List<GlobalSnapshot> backups = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            backups.add(nodes.get(0)
                    .snapshot(PATIENT.toBuilder().retained(1_000).build())
                    .join());
        }
        List<String> looks = new CopyOnWriteArrayList<>();
        try (Watch<String> watch = nodes.get(1)
                .watch(
                        cut -> {
                            looks.add(cut.id().toString());
                            return looks.size() < 8 ? Optional.empty() : Optional.of("enough");
                        },
                        Duration.ofMillis(1))) {
            assertEquals("enough", watch.found().join().value());
        }
        for (Node node : nodes) {
            List<String> kept = node.snapshots().list().stream()
                    .filter(info -> info.owner().equals(SnapshotOptions.APPLICATION))
                    .map(info -> info.id().toString())
                    .toList();
            assertEquals(backups.stream().map(cut -> cut.id().toString()).toList(), kept);
            assertEquals(
                    2,
                    node.snapshots().list().stream()
                            .filter(info -> info.owner().equals("loggos.watch-2"))
                            .count());
        }
    }
}
