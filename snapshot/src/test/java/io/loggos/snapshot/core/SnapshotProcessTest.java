package io.loggos.snapshot.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.core.SnapshotMessage.Abort;
import io.loggos.snapshot.core.SnapshotMessage.Complete;
import io.loggos.snapshot.core.SnapshotMessage.Delete;
import io.loggos.snapshot.core.SnapshotMessage.Kept;
import io.loggos.snapshot.core.SnapshotMessage.Lost;
import io.loggos.snapshot.core.SnapshotMessage.Marker;
import io.loggos.snapshot.core.SnapshotMessage.Recorded;
import io.loggos.snapshot.core.SnapshotMessage.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a snapshot comes to one end at all nodes, seen from the first of three, one event after the other. */
class SnapshotProcessTest {
    private static final NodeId ONE = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);
    private static final NodeId THREE = NodeId.of(3);
    private static final View VIEW = new View(new ViewId(4, ONE, 1), List.of(ONE, TWO, THREE), true);
    private static final View NEXT = new View(new ViewId(5, ONE, 1), List.of(ONE, TWO, THREE), true);
    private static final View WITHOUT_THREE = new View(new ViewId(6, ONE, 1), List.of(ONE, TWO), true);
    /** Snapshots that this node and the second one have begun. */
    private static final SnapshotId OWN = new SnapshotId(ONE, 7, 1);

    private static final SnapshotId THEIRS = new SnapshotId(TWO, 9, 1);
    private static final long DEADLINE = 1_000;

    private final LoneNode node = new LoneNode(ONE);

    SnapshotProcessTest() {
        node.process.onView(VIEW);
    }

    /** RULES.md O-9: a marker whose initiator is no node of the cluster changes nothing, and ends its link. */
    @Test
    void markerOfAStrangerIsRefused() {
        SnapshotId strange = new SnapshotId(NodeId.of(9), 1, 1);
        assertThrows(MalformedException.class, () -> node.receiveMarker(TWO, strange, VIEW));
        assertThrows(MalformedException.class, () -> node.receiveMarker(TWO, strange, NEXT));
        assertThrows(MalformedException.class, () -> node.process.onDelivered(TWO, new Marker(strange, NEXT.id(), 1)));
        assertEquals(List.of(), node.asked());
        start();
    }

    private void start() {
        assertEquals(OWN, node.process.start(DEADLINE, 5, id -> {}).orElseThrow());
        assertEquals(List.of("record 1", "Marker 1 to n2", "Marker 1 to n3"), node.asked());
    }

    /** Takes this node's snapshot up to where all is on disk and verified. */
    private void startAndVerify() {
        start();
        node.receiveMarker(TWO, OWN, VIEW);
        node.receive(THREE);
        node.receiveMarker(THREE, OWN, VIEW);
        assertEquals(List.of("write 1 [0, 1]"), node.asked());
        node.receive(TWO, recorded(OWN));
        node.process.onWritten(OWN, Bytes.EMPTY, 1, 0);
        assertEquals(List.of(), node.asked());
        node.receive(THREE, recorded(OWN));
        assertEquals(List.of("verify 1 [n1, n2, n3]"), node.asked());
        node.process.onVerified(OWN, Bytes.EMPTY);
        assertEquals(List.of("multicast Complete 1"), node.asked());
    }

    /** Takes the snapshot of the second node, up to where its marker has come. */
    private void takePart() {
        node.receiveMarker(TWO, THEIRS, VIEW);
        assertEquals(List.of("record 1", "Marker 1 to n2", "Marker 1 to n3"), node.asked());
    }

    private static Recorded recorded(SnapshotId id) {
        return new Recorded(id, Bytes.EMPTY, 1, 0);
    }

    private static Complete complete(SnapshotId id) {
        return new Complete(id, Bytes.EMPTY, 5);
    }

    @Test
    void isCompleteWhenItIsDelivered() {
        startAndVerify();
        node.process.onDelivered(ONE, complete(OWN));
        assertEquals(List.of("publish 1, keep 5"), node.asked());
        node.receive(TWO, new Kept(OWN));
        node.process.onPublished(OWN);
        assertEquals(List.of(), node.asked());
        node.receive(THREE, new Kept(OWN));
        assertEquals(List.of("completed 1"), node.asked());
    }

    @Test
    void aPartIsSaidToBeVisibleBeforeTheInitiatorKnowsOfTheEnd() {
        startAndVerify();
        node.receive(TWO, new Kept(OWN));
        node.receive(THREE, new Kept(OWN));
        node.process.onDelivered(ONE, complete(OWN));
        node.process.onPublished(OWN);
        assertEquals(List.of("publish 1, keep 5", "completed 1"), node.asked());
    }

    /** A snapshot that is not whole is deleted everywhere, and the caller is not told that it is complete. */
    @Test
    void aPartThatCannotBeKeptIsNotSaidToBeKept() {
        startAndVerify();
        node.process.onDelivered(ONE, complete(OWN));
        node.receive(TWO, new Lost(OWN, "n2: no room"));
        node.process.onPublished(OWN);
        assertEquals(List.of("publish 1, keep 5"), node.asked());
        node.receive(THREE, new Kept(OWN));
        assertEquals(List.of("multicast Delete 1", "lost 1: n2: no room"), node.asked());
    }

    @Test
    void whoCannotKeepItsPartTellsTheInitiator() {
        takePart();
        node.receiveMarker(THREE, THEIRS, VIEW);
        node.process.onWritten(THEIRS, Bytes.EMPTY, 1, 0);
        node.process.onDelivered(TWO, complete(THEIRS));
        assertEquals(List.of("write 1 [0, 0]", "Recorded 1 to n2", "publish 1, keep 5"), node.asked());
        node.process.onNotPublished(THEIRS, "no room");
        assertEquals(List.of("Lost 1 to n2", "lost 1: n1: no room"), node.asked());
    }

    @Test
    void whoTakesPartTellsTheInitiator() {
        takePart();
        node.receiveMarker(THREE, THEIRS, VIEW);
        assertEquals(List.of("write 1 [0, 0]"), node.asked());
        node.process.onWritten(THEIRS, Bytes.EMPTY, 1, 0);
        assertEquals(List.of("Recorded 1 to n2"), node.asked());
        node.process.onDelivered(TWO, complete(THEIRS));
        node.process.onPublished(THEIRS);
        assertEquals(List.of("publish 1, keep 5", "Kept 1 to n2", "completed 1"), node.asked());
        node.process.onPublished(THEIRS);
        assertEquals(List.of(), node.asked());
    }

    @Test
    void ofCompleteAndAbortTheFirstCounts() {
        startAndVerify();
        node.process.onTick(DEADLINE);
        assertEquals(List.of("multicast Abort 1 (it was not complete before its deadline)"), node.asked());
        node.process.onDelivered(ONE, complete(OWN));
        node.process.onDelivered(ONE, new Abort(OWN, "late"));
        assertEquals(List.of("publish 1, keep 5"), node.asked());
        node.process.onLinkReset(TWO);
        node.process.onFailed(OWN, "the disk is full");
        node.process.onTick(DEADLINE + 1);
        assertEquals(List.of(), node.asked());

        takePart();
        node.process.onDelivered(TWO, new Abort(THEIRS, "early"));
        node.process.onDelivered(TWO, complete(THEIRS));
        assertEquals(List.of("aborted 1: early"), node.asked());
    }

    @Test
    void aLateMarkerOfAnAbortedSnapshotBeginsNothing() {
        takePart();
        node.process.onDelivered(TWO, new Abort(THEIRS, "early"));
        node.receiveMarker(THREE, THEIRS, VIEW);
        assertEquals(
                List.of("aborted 1: early", "late marker", "Refused 1 (n1: its marker came late) to n2"), node.asked());
        assertFalse(node.process.isRecording());
    }

    /** It would never end, since the abort does not come again. */
    @Test
    void aMarkerBehindTheAbortBeginsNothing() {
        node.process.onDelivered(TWO, new Abort(THEIRS, "early"));
        node.receiveMarker(THREE, THEIRS, VIEW);
        assertEquals(List.of("late marker", "Refused 1 (n1: its marker came late) to n2"), node.asked());
        assertFalse(node.process.isRecording());
        node.receiveMarker(TWO, new SnapshotId(TWO, 9, 2), VIEW);
        assertEquals(List.of("record 2", "Marker 2 to n2", "Marker 2 to n3"), node.asked());
    }

    @Test
    void aSecondMarkerOfOneNodeEndsIt() {
        takePart();
        node.receiveMarker(TWO, THEIRS, VIEW);
        assertEquals(List.of("Refused 1 (n1: a second marker from n2) to n2"), node.asked());
        assertFalse(node.process.isRecording());
    }

    @Test
    void aMarkerOfAnotherViewIsRefused() {
        node.receiveMarker(TWO, THEIRS, NEXT);
        assertEquals(List.of("Refused 1 (n1: it is in another view) to n2"), node.asked());
        node.process.onView(null);
        node.receiveMarker(TWO, THEIRS, VIEW);
        assertEquals(List.of("Refused 1 (n1: it is in another view) to n2"), node.asked());
        node.process.onView(WITHOUT_THREE);
        node.receiveMarker(TWO, new SnapshotId(THREE, 2, 1), WITHOUT_THREE);
        assertEquals(List.of("Refused 1 (n1: it is in another view) to n3"), node.asked());
    }

    @Test
    void aMarkerUnderAnotherNumberThanItsOwnIsRefused() {
        node.receive(TWO, new Marker(THEIRS, VIEW.id(), 2));
        assertEquals(List.of("Refused 1 (n1: marker 2 of n2 came as message 1) to n2"), node.asked());
    }

    @Test
    void theInitiatorKeepsTheDeadline() {
        start();
        assertEquals(DEADLINE, node.process.nextTickNanos());
        node.process.onTick(DEADLINE - 1);
        assertEquals(List.of(), node.asked());
        node.process.onTick(DEADLINE);
        assertEquals(List.of("multicast Abort 1 (it was not complete before its deadline)"), node.asked());
        assertEquals(Long.MAX_VALUE, node.process.nextTickNanos());
        node.process.onTick(DEADLINE + 1);
        assertEquals(List.of(), node.asked());
        takePart();
        assertEquals(Long.MAX_VALUE, node.process.nextTickNanos());
    }

    @Test
    void whatWasGivenUpIsNotVerifiedAndNotRecorded() {
        start();
        node.receive(TWO, new Refused(OWN, "n2: no"));
        assertEquals(List.of("multicast Abort 1 (n2: no)"), node.asked());
        assertFalse(node.process.isRecording());
        node.receiveMarker(TWO, OWN, VIEW);
        node.receiveMarker(THREE, OWN, VIEW);
        node.receive(TWO, recorded(OWN));
        node.receive(THREE, recorded(OWN));
        node.process.onWritten(OWN, Bytes.EMPTY, 1, 0);
        node.process.onVerified(OWN, Bytes.EMPTY);
        assertEquals(List.of(), node.asked());
    }

    @Test
    void whoGaveUpDoesNotSayThatItHasRecorded() {
        takePart();
        node.receiveMarker(THREE, THEIRS, VIEW);
        node.process.onStateLost("a log was closed");
        node.process.onWritten(THEIRS, Bytes.EMPTY, 1, 0);
        assertEquals(List.of("write 1 [0, 0]", "Refused 1 (n1: a log was closed) to n2"), node.asked());
    }

    @Test
    void aLinkThatIsInterruptedEndsWhatIsOpen() {
        start();
        node.process.onLinkReset(THREE);
        node.process.onLinkReset(THREE);
        assertEquals(List.of("multicast Abort 1 (the link between n1 and n3 was interrupted)"), node.asked());
        node.process.onView(WITHOUT_THREE);
        node.asked();
        node.process.start(DEADLINE, 5, id -> {});
        node.asked();
        node.process.onLinkReset(THREE);
        assertEquals(List.of(), node.asked());
    }

    @Test
    void theInitiatorAwaitsNobodyWhoseLinkWasInterrupted() {
        startAndVerify();
        node.process.onDelivered(ONE, complete(OWN));
        node.process.onPublished(OWN);
        node.receive(TWO, new Kept(OWN));
        assertEquals(List.of("publish 1, keep 5"), node.asked());
        node.process.onLinkReset(THREE);
        assertEquals(List.of("multicast Delete 1", "lost 1: n3 was lost before its part was visible"), node.asked());
    }

    @Test
    void aChangeOfViewEndsWhatIsUndecided() {
        start();
        takePart();
        node.process.onView(VIEW);
        assertEquals(List.of(), node.asked());
        node.process.onView(NEXT);
        assertEquals(
                List.of("aborted 1: the view of the nodes has changed", "aborted 1: the view of the nodes has changed"),
                node.asked());
        assertFalse(node.process.isRecording());
    }

    @Test
    void aCompleteSnapshotOutlivesItsView() {
        startAndVerify();
        node.process.onDelivered(ONE, complete(OWN));
        node.receive(TWO, new Kept(OWN));
        node.receive(THREE, new Kept(OWN));
        node.process.onView(WITHOUT_THREE);
        assertEquals(List.of("publish 1, keep 5"), node.asked());
        node.process.onPublished(OWN);
        assertEquals(List.of("completed 1"), node.asked());
    }

    @Test
    void aSnapshotIsNotCompleteIfANodeIsLostBeforeItsPartIsVisible() {
        startAndVerify();
        node.process.onDelivered(ONE, complete(OWN));
        node.receive(TWO, new Kept(OWN));
        node.process.onView(WITHOUT_THREE);
        node.process.onPublished(OWN);
        assertEquals(
                List.of("publish 1, keep 5", "multicast Delete 1", "lost 1: n3 was lost before its part was visible"),
                node.asked());
    }

    @Test
    void whoIsExcludedStillMakesItsPartVisible() {
        takePart();
        node.receiveMarker(THREE, THEIRS, VIEW);
        node.process.onWritten(THEIRS, Bytes.EMPTY, 1, 0);
        node.process.onDelivered(TWO, complete(THEIRS));
        assertEquals(List.of("write 1 [0, 0]", "Recorded 1 to n2", "publish 1, keep 5"), node.asked());
        node.process.onView(null);
        node.process.onPublished(THEIRS);
        assertEquals(List.of("Kept 1 to n2", "completed 1"), node.asked());
    }

    @Test
    void whatCannotBeRecordedIsRefusedAndMarkersAreNotSent() {
        node.refusal = "a log is being restored";
        node.receiveMarker(TWO, THEIRS, VIEW);
        assertEquals(List.of("record 1", "Refused 1 (n1: a log is being restored) to n2"), node.asked());
        node.process.start(DEADLINE, 5, id -> {});
        assertEquals(List.of("record 1", "multicast Abort 1 (a log is being restored)"), node.asked());
    }

    @Test
    void whatCannotBeWrittenOrVerifiedIsAborted() {
        startAndVerify();
        node.process.onFailed(OWN, "the parts do not fit");
        assertEquals(List.of("multicast Abort 1 (the parts do not fit)"), node.asked());
        takePart();
        node.process.onFailed(THEIRS, "the disk is full");
        assertEquals(List.of("Refused 1 (n1: the disk is full) to n2"), node.asked());
    }

    @Test
    void onlyAPrimaryViewBegins() {
        node.process.onView(null);
        assertTrue(node.process.start(DEADLINE, 5, id -> {}).isEmpty());
        node.process.onView(new View(new ViewId(9, ONE, 1), List.of(ONE), false));
        assertTrue(node.process.start(DEADLINE, 5, id -> {}).isEmpty());
        assertEquals(List.of(), node.asked());
    }

    @Test
    void aNodeAloneTakesSnapshots() {
        node.process.onView(new View(new ViewId(9, ONE, 1), List.of(ONE), true));
        node.process.start(DEADLINE, 5, id -> {});
        node.process.onWritten(OWN, Bytes.EMPTY, 1, 0);
        node.process.onVerified(OWN, Bytes.EMPTY);
        node.process.onDelivered(ONE, complete(OWN));
        node.process.onPublished(OWN);
        assertEquals(
                List.of(
                        "record 1",
                        "write 1 []",
                        "verify 1 [n1]",
                        "multicast Complete 1",
                        "publish 1, keep 5",
                        "completed 1"),
                node.asked());
    }

    @Test
    void whatIsNotKnownIsNothing() {
        node.process.onDelivered(TWO, complete(THEIRS));
        node.process.onWritten(THEIRS, Bytes.EMPTY, 1, 0);
        node.process.onVerified(THEIRS, Bytes.EMPTY);
        node.process.onFailed(THEIRS, "no");
        node.process.onPublished(THEIRS);
        node.receive(TWO, recorded(OWN));
        node.receive(TWO, recorded(THEIRS));
        node.receive(TWO, new Kept(OWN));
        node.receive(TWO, new Refused(OWN, "no"));
        node.receive(TWO, new Refused(THEIRS, "no"));
        assertEquals(List.of(), node.asked());
    }

    @Test
    void whatIsNotWantedIsDeleted() {
        node.process.onDelivered(TWO, new Delete(THEIRS));
        assertEquals(List.of("delete 1"), node.asked());
    }
}
