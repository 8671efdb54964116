package io.loggos.paxos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.UnavailableException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.ApplyFailurePolicy;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.api.replica.CommandTooLargeException;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.Role;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.files.DurableFiles;
import io.loggos.testkit.network.FreePorts;
import io.loggos.testkit.network.LocalNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes in this JVM, with RocksDB, gRPC and threads. */
class NodeTest {
    private static final int NODES = 3;

    @TempDir
    private Path directory;

    private final List<Integer> ports = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    /** Counts its commands, and throws on "poison". */
    private static final class Counter implements StateMachine {
        private long count;

        @Override
        public Bytes apply(Command command) {
            if (command.payload().equals(Bytes.utf8("poison"))) {
                throw new IllegalArgumentException("poison");
            }
            return Bytes.utf8(Long.toString(++count));
        }

        @Override
        public CheckpointWriter checkpoint() {
            String captured = Long.toString(count);
            return target -> Files.writeString(target.resolve("count"), captured);
        }

        @Override
        public void restore(Path source) throws IOException {
            count = Long.parseLong(Files.readString(source.resolve("count")));
        }
    }

    @BeforeEach
    void open() {
        ports.addAll(FreePorts.draw(NODES));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(builder(id).open());
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private NodeBuilder builder(int id) {
        return LocalNodes.builder(id, ports, directory);
    }

    private List<Replica> replicate(String name, ReplicaOptions options) {
        return nodes.stream()
                .map(node -> node.replicate(name, new Counter(), options))
                .toList();
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static <X extends LoggosException> X failure(Class<X> type, CompletableFuture<?> future) {
        CompletionException failed = assertThrows(CompletionException.class, () -> get(future));
        return assertInstanceOf(type, failed.getCause());
    }

    @Test
    void anyNodeMayBeAskedAndLogsAreApart() {
        List<Replica> one = replicate("one", ReplicaOptions.defaults());
        List<Replica> other = replicate("other", ReplicaOptions.defaults());
        for (int i = 0; i < NODES; i++) {
            assertEquals(Integer.toString(i + 1), text(get(one.get(i).propose(Bytes.utf8("x")))));
        }
        assertEquals("1", text(get(other.get(2).propose(Bytes.utf8("x")))));
        for (Replica replica : one) {
            ReadResult<Long> read = get(replica.read(Consistency.LINEARIZABLE, () -> 7L));
            assertEquals(7L, read.value());
            assertTrue(read.slot().value() >= 3);
            assertEquals(Duration.ZERO, read.age());
        }
        assertEquals(
                1,
                one.stream()
                        .filter(replica -> replica.status().role() == Role.LEADER)
                        .count());
    }

    private static String text(Result<Bytes> result) {
        return result.value().toUtf8();
    }

    @Test
    void localReadKnowsItsAge() {
        List<Replica> replicas = replicate("log", ReplicaOptions.defaults());
        get(replicas.get(0).propose(Bytes.utf8("x")));
        for (Replica replica : replicas) {
            // Nothing is proposed, and yet the state does not grow old while the leader is heard.
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                ReadResult<Integer> read = get(replica.read(Consistency.LOCAL, () -> 1));
                assertTrue(read.slot().value() >= 1);
                assertTrue(read.age().compareTo(Duration.ofMillis(400)) < 0, () -> "age " + read.age());
            });
        }
    }

    @Test
    void whatIsTooMuchIsRefusedAtOnceAndHasNoEffect() {
        ReplicaOptions small = ReplicaOptions.builder()
                .maxCommandBytes(100)
                .maxPendingBytes(150)
                .overloadPolicy(OverloadPolicy.FAIL_FAST)
                .build();
        Replica replica = replicate("log", small).get(0);
        failure(CommandTooLargeException.class, replica.propose(Bytes.wrap(new byte[101])));
        List<CompletableFuture<Result<Bytes>>> calls = Stream.generate(() -> replica.propose(Bytes.wrap(new byte[100])))
                .limit(3)
                .toList();
        failure(OverloadedException.class, calls.get(1));
        failure(OverloadedException.class, calls.get(2));
        assertEquals("1", text(get(calls.get(0))));
        assertEquals("2", text(get(replica.propose(Bytes.utf8("x")))));
    }

    @Test
    void waitingForRoomLosesNothing() {
        ReplicaOptions waits = ReplicaOptions.builder()
                .maxCommandBytes(100)
                .maxPendingBytes(300)
                .overloadPolicy(OverloadPolicy.WAIT)
                .build();
        Replica replica = replicate("log", waits).get(1);
        List<CompletableFuture<Result<Bytes>>> calls = Stream.generate(() -> replica.propose(Bytes.wrap(new byte[100])))
                .limit(200)
                .toList();
        assertEquals("200", text(get(calls.get(199))));
    }

    @Test
    void exceptionInApplyHaltsTheReplicaAndNamesTheSlot() {
        List<Replica> replicas = replicate("log", ReplicaOptions.defaults());
        Result<Bytes> before = get(replicas.get(0).propose(Bytes.utf8("x")));
        OutcomeUnknownException halted =
                failure(OutcomeUnknownException.class, replicas.get(0).propose(Bytes.utf8("poison")));
        assertTrue(
                String.valueOf(halted.getMessage())
                        .contains("slot " + (before.slot().value() + 1)),
                halted::getMessage);
        assertEquals(Role.HALTED, replicas.get(0).status().role());
        failure(ReplicaHaltedException.class, replicas.get(0).propose(Bytes.utf8("y")));
    }

    /** The peers refuse a wiped node, so it is not part of the cluster. */
    @Test
    void wipedNodeAnswersNoReadFromItsEmptyStore() throws IOException {
        get(replicate("log", ReplicaOptions.defaults()).get(0).propose(Bytes.utf8("x")));
        nodes.get(2).close();
        DurableFiles.deleteTree(directory.resolve("3"));
        nodes.set(2, builder(3).open());
        Replica replica = nodes.get(2).replicate("log", new Counter(), ReplicaOptions.defaults());
        failure(UnavailableException.class, replica.read(Consistency.LOCAL, () -> 1));
    }

    @Test
    void exceptionInApplyMayBeTheAnswer() {
        ReplicaOptions answers = ReplicaOptions.builder()
                .applyFailurePolicy(ApplyFailurePolicy.ANSWER)
                .build();
        Replica replica = replicate("log", answers).get(0);
        failure(CommandFailedException.class, replica.propose(Bytes.utf8("poison")));
        assertEquals("1", text(get(replica.propose(Bytes.utf8("x")))));
    }

    @Test
    void lateReplicaIsBroughtThereByACheckpoint() {
        ReplicaOptions short_ = ReplicaOptions.builder()
                .checkpointEvery(5, 1 << 20)
                .retainedSlots(0)
                .build();
        Replica first = nodes.get(0).replicate("log", new Counter(), short_);
        nodes.get(1).replicate("log", new Counter(), short_);
        AtomicLong proposed = new AtomicLong();
        // A checkpoint follows a command, but not while another one is being written. So propose until there are two.
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    long count = proposed.incrementAndGet();
                    assertEquals(Long.toString(count), text(get(first.propose(Bytes.utf8("x")))));
                    return first.status().firstSlot().value() > 20;
                });
        Counter counter = new Counter();
        Replica late = nodes.get(2).replicate("log", counter, short_);
        assertEquals(
                proposed.get(),
                get(late.read(Consistency.LINEARIZABLE, () -> counter.count)).value());
    }

    @Test
    void restartedNodesHaveEverything() {
        List<Replica> replicas = replicate("log", ReplicaOptions.defaults());
        for (int i = 0; i < 20; i++) {
            get(replicas.get(i % NODES).propose(Bytes.utf8("x")));
        }
        nodes.forEach(Node::close);
        failure(NodeClosedException.class, replicas.get(0).propose(Bytes.utf8("x")));
        nodes.clear();
        for (int id = 1; id <= NODES; id++) {
            nodes.add(builder(id).open());
        }
        assertEquals(
                "21",
                text(get(replicate("log", ReplicaOptions.defaults()).get(2).propose(Bytes.utf8("x")))));
    }

    @Test
    void closedReplicaMayBeOpenedAgain() {
        List<Replica> replicas = replicate("log", ReplicaOptions.defaults());
        get(replicas.get(0).propose(Bytes.utf8("x")));
        assertThrows(
                IllegalStateException.class,
                () -> nodes.get(2).replicate("log", new Counter(), ReplicaOptions.defaults()));
        replicas.get(2).close();
        get(replicas.get(0).propose(Bytes.utf8("x")));
        Replica again = nodes.get(2).replicate("log", new Counter());
        assertEquals("3", text(get(again.propose(Bytes.utf8("x")))));
    }

    /** The futures of a store depend on those of its replica. So a wait on the apply thread fails at once there too. */
    @Test
    void aStageOfAStoreMustNotWaitForAnAnswerOnTheApplyThread() {
        KeyValueStore store = nodes.stream()
                .map(node -> node.keyValueStore("orders"))
                .toList()
                .get(0);
        Bytes key = Bytes.utf8("key");
        get(store.put(key, key));
        List<Supplier<CompletableFuture<?>>> waits = List.of(
                () -> store.put(key, key),
                () -> store.get(key),
                () -> store.range(Consistency.LINEARIZABLE, Operation.Range.of(KeyRange.all())));
        for (Supplier<CompletableFuture<?>> wait : waits) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<Object> waiting = store.put(key, key).thenApply(put -> {
                thread.set(Thread.currentThread());
                return wait.get().join();
            });
            try {
                get(waiting);
                assertFalse(thread.get().getName().contains("apply"), "it was not run on the apply thread");
            } catch (CompletionException e) {
                assertInstanceOf(IllegalStateException.class, e.getCause());
            }
        }
    }

    @Test
    void keyValueStoreIsThereOnAllNodes() throws IOException {
        List<KeyValueStore> stores =
                nodes.stream().map(node -> node.keyValueStore("orders")).toList();
        get(stores.get(0).put(Bytes.utf8("k"), Bytes.utf8("v")));
        for (KeyValueStore store : stores) {
            assertEquals(
                    Bytes.utf8("v"),
                    get(store.get(Bytes.utf8("k"))).orElseThrow().value());
        }
        List<Path> state = filesBelow(directory.resolve("2/state"));
        assertThrows(IllegalStateException.class, () -> nodes.get(1).keyValueStore("orders"));
        assertEquals(state, filesBelow(directory.resolve("2/state")));
        stores.get(1).close();
        get(stores.get(2).put(Bytes.utf8("k"), Bytes.utf8("w")));
        KeyValueStore again = nodes.get(1).keyValueStore("orders");
        assertEquals(
                Bytes.utf8("w"), get(again.get(Bytes.utf8("k"))).orElseThrow().value());
    }

    /** RULES.md B-8: answers, and the states of the stores, are compared without a setting. */
    @Test
    void replicasOfAStoreCompareTheirDigests() {
        ReplicaOptions often = ReplicaOptions.builder().digestEvery(2).build();
        List<KeyValueStore> stores =
                nodes.stream().map(node -> node.keyValueStore("orders", often)).toList();
        for (int i = 0; i < 8; i++) {
            get(stores.get(i % NODES).put(Bytes.utf8("k"), Bytes.utf8("v" + i)));
        }
        for (KeyValueStore store : stores) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> store.replica().status().agreedSlot().value() >= 6);
        }
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void wipedNodeIsRefusedAndDoesNotVote() throws IOException {
        List<Replica> replicas = replicate("log", ReplicaOptions.defaults());
        get(replicas.get(0).propose(Bytes.utf8("x")));
        nodes.remove(2).close();
        try (Stream<Path> files = Files.walk(directory.resolve("3"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Node wiped = builder(3).open();
        nodes.add(wiped);
        Replica replica = wiped.replicate("log", new Counter());
        assertEquals("2", text(get(replicas.get(0).propose(Bytes.utf8("x")))));
        assertTrue(!wiped.status().formed(), "those who knew the old store do not take the new one in");
        assertEquals(0, replica.status().appliedSlot().value());
    }

    @Test
    void allThatIsWrongWithTheOptionsIsSaidAtOnce() {
        InvalidOptionsException invalid = assertThrows(
                InvalidOptionsException.class,
                () -> Node.builder().id(0).listen("nowhere").open());
        assertEquals(3, invalid.problems().size(), invalid::getMessage);
    }
}
