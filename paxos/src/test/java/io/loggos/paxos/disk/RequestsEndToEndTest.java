package io.loggos.paxos.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.paxos.disk.DiskProcess.Number;
import io.loggos.paxos.disk.DiskProcess.Status;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that proposes each increment ten times, at three real processes, while it and they are killed (RULES.md SS-4).
 *
 * <p>The client lives in the processes, so each kill takes it and a node, often the leader. It keeps only the ids.
 */
class RequestsEndToEndTest {
    private static final int NODES = 3;
    private static final int INCREMENTS = 2;
    private static final int CALLS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final List<DiskProcess> nodes = new ArrayList<>();
    private List<Integer> ports = List.of();

    @BeforeEach
    void startAll() throws IOException {
        ports = FreePorts.draw(NODES);
        for (int id = 1; id <= NODES; id++) {
            nodes.add(DiskProcess.start(id, ports, directory));
        }
    }

    @AfterEach
    void endAll() {
        nodes.forEach(DiskProcess::close);
    }

    /** Asks until there is an answer: a command may find no leader, or its outcome may be unknown. */
    private static Status answer(DiskProcess node, RequestId id) {
        return Awaitility.await("an answer")
                .atMost(PATIENCE)
                .until(() -> node.request(id), status -> status.has(Number.COUNT));
    }

    private int leader() {
        return Awaitility.await("a leader").atMost(PATIENCE).until(this::leaderOrNone, number -> number >= 0);
    }

    private int leaderOrNone() {
        for (int i = 0; i < NODES; i++) {
            if (nodes.get(i).status().leads()) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void commandThatIsProposedAgainAndAgainCountsOnce() throws IOException {
        Slot known = Slot.ZERO;
        for (int increment = 1; increment <= INCREMENTS; increment++) {
            RequestId id = RequestId.after(known);
            for (int call = 0; call < CALLS; call++) {
                int at = (increment + call) % NODES;
                if (call == 0 || call == 5) {
                    at = call == 0 ? at : leader();
                    nodes.get(at).requestAndDie(id);
                    nodes.set(at, DiskProcess.start(at + 1, ports, directory));
                } else {
                    Status answer = answer(nodes.get(at), id);
                    assertEquals(increment, answer.of(Number.COUNT), "call " + call);
                    known = Slot.of(answer.of(Number.SLOT));
                }
            }
            DiskProcess any = nodes.get(increment % NODES);
            Status outcome = Awaitility.await("the outcome")
                    .atMost(PATIENCE)
                    .until(() -> any.outcome(id), status -> status.has(Number.COUNT));
            assertEquals(known.value(), outcome.of(Number.SLOT));
            assertEquals(increment, outcome.of(Number.COUNT));
        }
        RequestId last = RequestId.after(known);
        assertTrue(nodes.get(0).outcome(last).numbers().containsKey("none"));
        assertEquals(INCREMENTS + 1, answer(nodes.get(0), last).of(Number.COUNT));
    }
}
