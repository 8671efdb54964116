package io.loggos.benchmarks.commands.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.NodeCut;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicSnapshotsTest {
    private static final NodeId ONE = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);

    /** Snapshots that a node was asked for and has not answered yet. */
    private record Asked(NodeId node, CompletableFuture<GlobalSnapshot> answer) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final PeriodicSnapshots snapshots =
            new PeriodicSnapshots(List.of(asking(ONE), asking(TWO)), Duration.ofMillis(1));

    @AfterEach
    void close() {
        snapshots.close();
    }

    @Test
    void oneThatIsDueWhileTheLastIsUnderWayIsLeftOut() throws Exception {
        snapshots.begin();
        Asked first = asked.take();
        Awaitility.await().until(() -> snapshots.times().due() > 3);
        assertTrue(snapshots.isBusy());
        assertTrue(asked.isEmpty());
        snapshots.stop();
        first.answer().complete(snapshot(ONE, TWO));
        assertFalse(snapshots.isBusy());
        assertEquals(1, snapshots.times().taken());
        assertEquals(0, snapshots.times().failed());
        assertTrue(snapshots.times().p50Millis() > 0);
    }

    @Test
    void whatFailsOrLacksANodeIsNotTaken() throws Exception {
        snapshots.begin();
        asked.take().answer().completeExceptionally(new SnapshotException("a link has ended"));
        asked.take().answer().complete(snapshot(ONE));
        Asked third = asked.take();
        snapshots.stop();
        third.answer().complete(snapshot(ONE, TWO));
        assertEquals(2, snapshots.times().failed());
        assertEquals(1, snapshots.times().taken());
    }

    @Test
    void theFirstIsTimedForItself() throws Exception {
        snapshots.first();
        assertTrue(snapshots.isBusy());
        asked.take().answer().complete(snapshot(ONE, TWO));
        assertFalse(snapshots.isBusy());
        assertTrue(snapshots.times().firstMillis() > 0);
        assertEquals(
                0,
                snapshots.times().due()
                        + snapshots.times().taken()
                        + snapshots.times().failed());
        snapshots.first();
        asked.take().answer().completeExceptionally(new SnapshotException("a link has ended"));
        assertEquals(1, snapshots.times().failed());
    }

    @Test
    void nodesAreAskedInTurn() throws Exception {
        snapshots.begin();
        TreeMap<NodeId, Integer> seen = new TreeMap<>();
        while (seen.size() < 2) {
            Asked next = asked.take();
            seen.merge(next.node(), 1, Integer::sum);
            next.answer().complete(snapshot(ONE, TWO));
        }
    }

    @Test
    void nothingIsDueAfterItWasStopped() throws Exception {
        snapshots.begin();
        Asked first = asked.take();
        snapshots.stop();
        SnapshotTimes then = snapshots.times();
        first.answer().complete(snapshot(ONE, TWO));
        snapshots.begin();
        Asked second = asked.take();
        snapshots.stop();
        assertTrue(snapshots.times().due() > then.due());
        second.answer().complete(snapshot(ONE, TWO));
        assertNull(asked.poll());
        assertEquals(2, snapshots.times().taken());
    }

    private Supplier<CompletableFuture<GlobalSnapshot>> asking(NodeId node) {
        return () -> {
            Asked one = new Asked(node, new CompletableFuture<>());
            asked.add(one);
            return one.answer();
        };
    }

    private static GlobalSnapshot snapshot(NodeId... nodes) {
        TreeMap<NodeId, NodeCut> cuts = new TreeMap<>();
        for (NodeId node : nodes) {
            cuts.put(node, new NodeCut(node, 1, List.of(), List.of(), new TreeMap<>(), new TreeMap<>()));
        }
        View view = new View(new ViewId(1, ONE, 1), List.of(ONE, TWO), true);
        return new GlobalSnapshot(new SnapshotId(ONE, 1, 1), "test", view, Instant.EPOCH, cuts);
    }
}
