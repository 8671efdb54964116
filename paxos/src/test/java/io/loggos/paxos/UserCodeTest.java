package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.UnavailableException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.SnapshotProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code of the application that throws, blocks or waits for itself harms its own group or log, and nothing else. */
class UserCodeTest extends GroupNodes {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final SnapshotOptions PATIENT =
            SnapshotOptions.builder().deadline(Duration.ofSeconds(15)).build();

    @TempDir
    private Path elsewhere;

    private final AtomicInteger blocked = new AtomicInteger();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    @Override
    NodeBuilder builder(int id) {
        return super.builder(id)
                .userCode(UserCodeOptions.builder()
                        .closeTimeout(CLOSE_TIMEOUT)
                        .onError((source, cause) -> errors.add(source + ": " + cause.getMessage()))
                        .build());
    }

    /** Answers a command with itself; waits at "block" until the test wakes it. */
    private final class Echo implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            if (command.payload().equals(Bytes.utf8("block"))) {
                block();
            }
            return command.payload();
        }

        @Override
        public CheckpointWriter checkpoint() {
            return directory -> Files.writeString(directory.resolve("nothing"), "nothing");
        }

        @Override
        public void restore(Path directory) {
            // There is no state.
        }
    }

    /** Waits for the end of the test, whatever interrupts it. */
    private void block() {
        blocked.incrementAndGet();
        boolean woken = false;
        while (!woken) {
            try {
                wakeUp.await();
                woken = true;
            } catch (InterruptedException e) {
                woken = false;
            }
        }
    }

    private List<Replica> replicas(Duration timeout) {
        ReplicaOptions options =
                ReplicaOptions.builder().requestTimeout(timeout).build();
        return nodes.stream()
                .map(node -> node.replicate("log", new Echo(), options))
                .toList();
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private static void awaitThree(Group group) {
        within(() -> assertEquals(NODES, group.view().orElseThrow().members().size()));
    }

    private void awaitNodes() {
        nodes.forEach(
                node -> within(() -> assertEquals(NODES, node.view().members().size())));
    }

    private List<Group> join(String name, Ordering ordering, List<? extends GroupListener> listeners) {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            groups.add(nodes.get(i).join(name, ordering, listeners.get(i)));
        }
        groups.forEach(UserCodeTest::awaitThree);
        return groups;
    }

    private static List<Diary> diaries() {
        return List.of(new Diary(), new Diary(), new Diary());
    }

    @Test
    void anErrorInAListenerEndsItsMembershipAndNothingElse() {
        List<Replica> replicas = replicas(DEADLINE);
        Diary broken = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                throw new AssertionError("a bug");
            }
        };
        List<Diary> others = diaries();
        List<Group> feed = join("feed", Ordering.FIFO, List.of(broken, new Diary(), new Diary()));
        List<Group> other = join("other", Ordering.FIFO, others);
        feed.get(1).multicast(Bytes.utf8("hello"));
        within(() -> assertEquals(1, broken.evictions.size()));
        within(() -> assertEquals(List.of("the listener of group \"feed\": a bug"), errors));
        other.get(1).multicast(Bytes.utf8("still there"));
        within(() -> assertEquals(List.of("2:still there"), others.get(0).entries));
        assertEquals(
                Bytes.utf8("a"), get(replicas.get(0).propose(Bytes.utf8("a"))).value());
    }

    @Test
    void aListenerThatBlocksHoldsUpItsGroupAlone() {
        List<Diary> others = diaries();
        List<View> views = new CopyOnWriteArrayList<>();
        List<Group> stuck = join(
                "stuck",
                Ordering.FIFO,
                List.of(
                        new Diary() {
                            @Override
                            public void onMessage(NodeId from, Bytes message) {
                                block();
                            }
                        },
                        new Diary(),
                        new Diary()));
        List<Group> other = join("other", Ordering.TOTAL, others);
        awaitNodes();
        stuck.get(1).multicast(Bytes.utf8("hello"));
        other.get(0).multicast(Bytes.utf8("one"));
        within(() -> assertEquals(List.of("1:one"), others.get(0).entries));
        nodes.get(0).onView(views::add);
        within(() -> assertEquals(1, views.size()));

        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> get(nodes.get(1)
                        .snapshot(PATIENT.toBuilder()
                                .deadline(Duration.ofSeconds(2))
                                .build())));
        assertInstanceOf(SnapshotException.class, failure.getCause());
        assertTrue(failure.getMessage().contains("the listener of group \"stuck\""), failure::getMessage);
        other.get(1).multicast(Bytes.utf8("two"));
        within(() -> assertEquals(List.of("1:one", "2:two"), others.get(0).entries));
        wakeUp.countDown();
        assertEquals(NODES, get(nodes.get(1).snapshot(PATIENT)).nodes().size());
    }

    @Test
    void aReceiverOfProgressThatThrowsChangesNothing() {
        List<Replica> replicas = replicas(DEADLINE);
        get(replicas.get(0).propose(Bytes.utf8("a")));
        awaitNodes();
        GlobalSnapshot cut = get(nodes.get(0).snapshot(PATIENT));
        SnapshotProgress broken = (what, done, all) -> {
            throw new IllegalStateException("no screen");
        };
        assertEquals(cut, get(nodes.get(0).snapshots().export(cut.id(), elsewhere.resolve("backup"), broken)));
        get(nodes.get(0).snapshots().verify(cut.id(), broken));
        assertFalse(errors.isEmpty());
        assertEquals("a receiver of progress: no screen", errors.get(0));
        assertEquals(
                Bytes.utf8("b"), get(replicas.get(0).propose(Bytes.utf8("b"))).value());
    }

    @Test
    void aStageBehindASnapshotMayWaitForAnother() {
        awaitNodes();
        Path backup = elsewhere.resolve("backup");
        Node node = nodes.get(0);
        GlobalSnapshot exported = get(node.snapshot(PATIENT)
                .thenApply(cut -> node.snapshots()
                        .export(cut.id(), backup, SnapshotProgress.NONE)
                        .join()));
        assertEquals(NODES, exported.nodes().size());
    }

    /** It would wait for itself. So it fails at once, and what is behind it goes on. */
    @Test
    void aStageOnTheApplyThreadMustNotWaitForAnAnswer() {
        Replica replica = replicas(DEADLINE).get(0);
        get(replica.propose(Bytes.utf8("first")));
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<Result<Bytes>> waiting = replica.propose(Bytes.utf8("a"))
                .thenApply(a -> {
                    thread.set(Thread.currentThread());
                    return replica.propose(Bytes.utf8("b")).thenApply(b -> b).join();
                });
        try {
            get(waiting);
            assertFalse(thread.get().getName().contains("apply"), "it was not run on the apply thread");
        } catch (CompletionException e) {
            assertInstanceOf(IllegalStateException.class, e.getCause());
        }
        assertEquals(
                Bytes.utf8("d"),
                get(replica.propose(Bytes.utf8("c")).thenCompose(c -> replica.propose(Bytes.utf8("d"))))
                        .value());
    }

    @Test
    void requestsBehindABlockedStateMachineTimeOut() {
        Duration timeout = Duration.ofMillis(800);
        List<Replica> replicas = replicas(timeout);
        within(() -> get(replicas.get(0).propose(Bytes.utf8("first"))));
        CompletableFuture<?> first = replicas.get(0).propose(Bytes.utf8("block"));
        within(() -> assertEquals(NODES, blocked.get()));
        CompletableFuture<?> behind = replicas.get(0).propose(Bytes.utf8("behind"));
        CompletableFuture<?> read = replicas.get(0).read(Consistency.LOCAL, () -> 1);
        assertFails(OutcomeUnknownException.class, first);
        assertFails(LoggosException.class, behind);
        assertFails(UnavailableException.class, read);
        wakeUp.countDown();
        within(() -> assertEquals(
                Bytes.utf8("last"),
                get(replicas.get(0).propose(Bytes.utf8("last"))).value()));
    }

    private static void assertFails(Class<? extends Throwable> failure, CompletableFuture<?> future) {
        assertInstanceOf(
                failure,
                assertThrows(CompletionException.class, () -> get(future)).getCause());
    }

    @Test
    void aParticipantThatNeverEndsStarvesNobody() {
        List<Diary> diaries = diaries();
        List<Group> groups = join("feed", Ordering.FIFO, diaries);
        Participant busy = nodes.get(0).participant("busy", () -> Bytes.EMPTY);
        Runnable again = new Runnable() {
            @Override
            public void run() {
                busy.execute(this);
            }
        };
        busy.execute(again);
        groups.get(1).multicast(Bytes.utf8("hello"));
        within(() -> assertEquals(List.of("2:hello"), diaries.get(0).entries));
        assertEquals(NODES, get(nodes.get(0).snapshot(PATIENT)).nodes().size());
        busy.close();
    }

    /** A listener on a participant's executor is called between its steps, so the two need no lock. */
    @Test
    void aGroupMayShareTheThreadOfAParticipant() {
        List<String> threads = new CopyOnWriteArrayList<>();
        Participant participant = nodes.get(0).participant("purse", () -> Bytes.EMPTY);
        Group group = nodes.get(0)
                .join(
                        "feed",
                        GroupOptions.builder(Ordering.FIFO)
                                .executor(participant)
                                .build(),
                        (from, message) -> threads.add(Thread.currentThread().getName()));
        within(() -> assertTrue(group.view().isPresent()));
        within(() -> group.multicast(Bytes.utf8("hello")));
        within(() -> assertEquals(1, threads.size()));
        participant.execute(() -> threads.add(Thread.currentThread().getName()));
        within(() -> assertEquals(2, threads.size()));
        assertEquals(threads.get(0), threads.get(1));
        assertTrue(threads.get(0).endsWith("participant-purse"), threads::toString);
    }

    @Test
    void aGroupMayUseAnExecutorOfTheApplication() {
        List<String> threads = new CopyOnWriteArrayList<>();
        List<Group> groups = new ArrayList<>();
        for (Node node : nodes) {
            GroupOptions options = GroupOptions.builder(Ordering.FIFO)
                    .executor(task -> new Thread(task, "mine").start())
                    .build();
            groups.add(node.join(
                    "feed",
                    options,
                    (from, message) -> threads.add(Thread.currentThread().getName())));
        }
        groups.forEach(UserCodeTest::awaitThree);
        groups.get(0).multicast(Bytes.utf8("hello"));
        within(() -> assertEquals(List.of("mine", "mine", "mine"), threads));
    }

    @Test
    void aListenerThatAnswersMuchStaysAMember() {
        List<Group> groups = new CopyOnWriteArrayList<>();
        Bytes answer = Bytes.wrap(new byte[15 << 10]);
        int answers = 14;
        Diary answering = new Diary() {
            @Override
            public void onMessage(NodeId from, Bytes message) {
                if (message.equals(Bytes.utf8("go"))) {
                    for (int i = 0; i < answers; i++) {
                        groups.get(0).multicast(answer);
                    }
                } else {
                    entries.add("answer");
                }
            }
        };
        GroupOptions options = GroupOptions.builder(Ordering.FIFO)
                .maxMessageBytes(16 << 10)
                .windowBytes(64 << 10)
                .build();
        groups.add(nodes.get(0).join("feed", options, answering));
        groups.add(nodes.get(1).join("feed", options, new Diary()));
        groups.forEach(group -> within(
                () -> assertEquals(2, group.view().orElseThrow().members().size())));
        groups.get(1).multicast(Bytes.utf8("go"));
        within(() -> assertEquals(answers, answering.entries.size()));
        assertEquals(List.of(), answering.evictions);
    }

    @Test
    void closeGoesOnWithoutCodeThatDoesNotReturn() {
        List<Replica> replicas = replicas(DEADLINE);
        get(replicas.get(0).propose(Bytes.utf8("first")));
        Group group = nodes.get(0).join("feed", Ordering.FIFO, (from, message) -> block());
        within(() -> group.multicast(Bytes.utf8("hello")));
        CompletableFuture<?> stuck = replicas.get(0).propose(Bytes.utf8("block"));
        CompletableFuture<?> snapshot = nodes.get(0).snapshot(PATIENT);
        long before = System.nanoTime();
        nodes.forEach(Node::close);
        long tookNanos = System.nanoTime() - before;
        assertTrue(tookNanos < DEADLINE.toNanos(), () -> "closing took " + tookNanos / 1_000_000 + " ms");
        assertFails(LoggosException.class, stuck);
        assertFails(LoggosException.class, snapshot);
    }
}
