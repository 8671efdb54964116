package io.loggos.paxos.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.StorageException;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Result;
import io.loggos.api.replica.StateMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node and its replicas are closed while a disk hangs (RULES.md O-2). The close ends. What it has left behind ends when
 * the disk goes on, and then all can be opened again.
 */
@Timeout(120)
class LateClosingTest {
    private static final Bytes COMMAND = Bytes.wrap(new byte[100_000]);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private NodeOptions options() {
        return new NodeOptions(
                "closing",
                NodeId.of(1),
                new Address("127.0.0.1", 0),
                new TreeMap<>(),
                directory,
                TimingOptions.ofElectionTimeout(Duration.ofMillis(200)),
                TransportOptions.defaults(),
                StorageOptions.defaults(),
                UserCodeOptions.defaults(),
                SecurityOptions.defaults(),
                null);
    }

    private static Replica replicate(LateNode node, String log) {
        return node.node().replicate(log, new Counter(), ReplicaOptions.defaults());
    }

    private static long propose(Replica replica) {
        Result<Bytes> result = replica.propose(COMMAND).join();
        return Long.parseLong(result.value().toUtf8());
    }

    private static Replica reopen(LateNode node, String log) {
        return Awaitility.await("the log can be opened again")
                .atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(() -> replicate(node, log), replica -> true);
    }

    private static void assertOutcomeUnknown(CompletableFuture<?> call) {
        CompletionException failure = assertThrows(CompletionException.class, call::join);
        assertInstanceOf(OutcomeUnknownException.class, failure.getCause());
    }

    @Test
    void replicaOnAHangingDiskIsClosedAndOpenedAgain() {
        try (LateNode node = LateNode.start(options())) {
            Replica replica = replicate(node, "log");
            assertEquals(1, propose(replica));
            node.disk().factor(LateLog.HANGS);
            CompletableFuture<?> call = replica.propose(COMMAND);
            awaitUnwritten(node);

            replica.close();

            assertOutcomeUnknown(call);
            IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> replicate(node, "log"));
            assertTrue(refusal.getMessage().contains("the end of a write"), refusal.getMessage());
            node.disk().factor(1);
            // The disk had the command: it was the only voter's.
            assertEquals(3, propose(reopen(node, "log")));
        }
    }

    private static void awaitUnwritten(LateNode node) {
        Awaitility.await("a write that hangs")
                .atMost(PATIENCE)
                .until(() -> node.gauges().value("loggos.storage.queue.bytes") >= COMMAND.size());
    }

    @Test
    void nodeOnAHangingDiskIsClosedAndOpenedAgain() {
        LateNode node = LateNode.start(options());
        Replica replica = replicate(node, "log");
        assertEquals(1, propose(replica));
        node.disk().factor(LateLog.HANGS);
        CompletableFuture<?> call = replica.propose(COMMAND);
        awaitUnwritten(node);

        node.close();

        assertOutcomeUnknown(call);
        StorageException refusal = assertThrows(StorageException.class, () -> LateNode.start(options()));
        assertEquals(StorageException.Kind.LOCKED, refusal.kind());
        node.disk().factor(1);
        LateNode again = Awaitility.await("the directory can be opened again")
                .atMost(PATIENCE)
                .ignoreException(StorageException.class)
                .until(() -> LateNode.start(options()), started -> true);
        try (again) {
            assertEquals(3, propose(replicate(again, "log")));
        }
    }

    /** A state machine whose checkpoints are written when a test says so. */
    private static final class SlowCheckpoints implements StateMachine {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);

        @Override
        public Bytes apply(Command command) {
            return Bytes.EMPTY;
        }

        @Override
        public CheckpointWriter checkpoint() {
            return files -> {
                begun.countDown();
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
        }

        @Override
        public void restore(Path files) {
            // There is no state.
        }
    }

    @Test
    void checkpointOfAnotherLogDelaysNoClose() throws InterruptedException {
        SlowCheckpoints slow = new SlowCheckpoints();
        try (LateNode node = LateNode.start(options())) {
            ReplicaOptions often =
                    ReplicaOptions.builder().checkpointEvery(1, 1 << 20).build();
            Replica first = node.node().replicate("slow", slow, often);
            first.propose(COMMAND).join();
            assertTrue(slow.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            Replica second = node.node().replicate("log", new Counter(), often);
            assertEquals(1, propose(second));
            assertEquals(2, propose(second));

            second.close();

            // It has ended, so this opens it at once, from its log: its checkpoint was dropped.
            assertEquals(3, propose(replicate(node, "log")));
            slow.goesOn.countDown();
        }
    }
}
