package io.loggos.paxos.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.UnavailableException;
import io.loggos.api.node.Node;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose commands are slow holds up itself, and no other log of its node. */
class SlowApplyTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Bytes BLOCK = Bytes.utf8("block");
    private static final int SLOW_LOGS = 3;

    @TempDir
    private Path directory;

    private final CountDownLatch wakeUp = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();
    private Node node;

    /** Answers each command with itself, and "block" when the test says so. */
    private final class Echo implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            if (command.payload().equals(BLOCK)) {
                blocked.incrementAndGet();
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> wakeUp.getCount() == 0);
            }
            return command.payload();
        }

        @Override
        public CheckpointWriter checkpoint() {
            return target -> Files.writeString(target.resolve("nothing"), "nothing");
        }

        @Override
        public void restore(Path source) {
            // There is no state.
        }
    }

    @BeforeEach
    void open() {
        node = Node.builder()
                .id(1)
                .listen("127.0.0.1:0")
                .dataDirectory(directory)
                .open();
    }

    @AfterEach
    void close() {
        wakeUp.countDown();
        node.close();
    }

    private Replica replica(String name, Duration timeout) {
        return node.replicate(
                name,
                new Echo(),
                ReplicaOptions.builder().requestTimeout(timeout).build());
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, () -> get(future)).getCause();
    }

    private static void answers(Replica replica, String text) {
        assertEquals(Bytes.utf8(text), get(replica.propose(Bytes.utf8(text))).value());
        assertEquals(
                text, get(replica.read(Consistency.LINEARIZABLE, () -> text)).value());
        assertEquals(text, get(replica.read(Consistency.LOCAL, () -> text)).value());
    }

    /** For a replica with a short timeout, which a busy machine may exceed. */
    private static void answersInTime(Replica replica, String text) {
        await().atMost(DEADLINE).ignoreExceptions().untilAsserted(() -> answers(replica, text));
    }

    @Test
    void commandsAndReadsOfAnotherLogGoOn() {
        Replica quick = replica("quick", DEADLINE);
        answers(quick, "before");
        List<Replica> slow = new ArrayList<>();
        List<CompletableFuture<?>> blocks = new ArrayList<>();
        for (int i = 0; i < SLOW_LOGS; i++) {
            slow.add(replica("slow " + i, Duration.ofMillis(800)));
            answersInTime(slow.get(i), "before");
            blocks.add(slow.get(i).propose(BLOCK));
            int logs = i + 1;
            await().atMost(DEADLINE).until(() -> blocked.get() == logs);
            answers(quick, "while " + logs + " are blocked");
        }
        assertInstanceOf(OutcomeUnknownException.class, failure(blocks.get(0)));
        assertInstanceOf(UnavailableException.class, failure(slow.get(0).read(Consistency.LOCAL, () -> 1)));
        assertFalse(quick.status().appliedSlot().value() == 0);

        quick.close();
        Replica again = replica("quick", DEADLINE);
        answers(again, "again");

        wakeUp.countDown();
        slow.forEach(replica -> answersInTime(replica, "after"));
        answers(again, "after");
    }

    /** RULES.md B-10, O-10: so do the requests of a log that is closed meanwhile. */
    @Test
    void requestsOfAClosedLogFailAtTheirTimeouts() {
        Replica slow = replica("slow", Duration.ofMillis(800));
        answersInTime(slow, "before");
        CompletableFuture<?> block = slow.propose(BLOCK);
        await().atMost(DEADLINE).until(() -> blocked.get() == 1);
        CompletableFuture<?> behind = slow.read(Consistency.LOCAL, () -> 1);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(slow::close);
        assertInstanceOf(OutcomeUnknownException.class, failure(block));
        assertInstanceOf(LoggosException.class, failure(behind));

        wakeUp.countDown();
        get(closed);
    }
}
