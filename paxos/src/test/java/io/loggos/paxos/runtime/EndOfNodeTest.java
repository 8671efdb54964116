package io.loggos.paxos.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Role;
import io.loggos.paxos.runtime.replica.LocalReplica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call and every replica ends, whichever thread of a node dies, and whenever a node is closed. */
class EndOfNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Rounds of closing. The profile {@code long} runs more. */
    private static final int ROUNDS = Integer.getInteger("close.rounds", 12);

    private static final int MOST_ANSWERS = 4_000;

    @TempDir
    private Path directory;

    /** An agent that dies halts all logs of its node. Calls end before the node is closed, later calls as well. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "apply", "storage", "read", "checkpoint", "deliver"})
    void allCallsEndIfAnAgentDies(String agent) throws InterruptedException {
        LoadedNode node = new LoadedNode(directory, 1);
        node.load();
        await().atMost(PATIENCE).until(() -> node.replica().status().role() == Role.LEADER);
        node.kill(agent);
        await().atMost(PATIENCE).until(() -> node.isDead(agent));
        await().atMost(PATIENCE).until(() -> node.replica().status().role() == Role.HALTED);
        node.awaitCallers();
        await().atMost(PATIENCE).until(() -> node.openCalls() == 0);

        assertTrue(node.replica().propose(Bytes.utf8("late")).isDone());
        assertTrue(node.replica().read(Consistency.LOCAL, () -> 1).isDone());
        node.replica().close();
        assertTrue(((LocalReplica) node.replica()).hasEnded(), "the replica waits for what never comes");
        long before = System.nanoTime();
        node.close();
        assertTrue(System.nanoTime() - before < PATIENCE.toNanos());
        await().atMost(PATIENCE).until(() -> node.openCalls() == 0);
    }

    /** A call that passes the check while its node closes ends as well. */
    @Test
    void allCallsEndIfTheNodeIsClosedAtAnyTime() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(14);
        for (int round = 0; round < ROUNDS; round++) {
            LoadedNode node = new LoadedNode(directory.resolve(Integer.toString(round)), random.nextLong());
            node.load();
            int answers = random.nextInt(MOST_ANSWERS);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(PATIENCE)
                    .until(() -> node.answers() >= answers);
            node.close();
            node.awaitCallers();
            await().atMost(PATIENCE).until(() -> node.openCalls() == 0);
        }
    }
}
