package io.loggos.snapshot.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests of the claims of Chandy and Lamport, in the order of the paper and with its examples.
 *
 * <p><i>Distributed Snapshots: Determining Global States of Distributed Systems</i> (1985).
 */
class ChandyLamportPaperTest {
    private static final NodeId P = NodeId.of(1);
    private static final NodeId Q = NodeId.of(2);
    private static final NodeId R = NodeId.of(3);

    /**
     * Section 2, example 2.1: one token circulates between p and q.
     *
     * <p>A snapshot may begin in any of its four global states: exactly one token is recorded.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theTokenIsRecordedOnce(int beginAfter) {
        for (NodeId initiator : List.of(P, Q)) {
            PaperWorld world = new PaperWorld(P, Q);
            world.state(P, "token");
            for (int step = 0; step < beginAfter; step++) {
                turnOfTheToken(world, step);
            }
            SnapshotId id = world.begin(initiator);
            for (int step = beginAfter; step < beginAfter + 8; step++) {
                turnOfTheToken(world, step);
            }
            assertTrue(world.isRecorded(id));
            long tokens = List.of(
                            world.recordedState(id, P),
                            world.recordedState(id, Q),
                            String.join("", world.recordedChannel(id, P, Q)),
                            String.join("", world.recordedChannel(id, Q, P)))
                    .stream()
                    .filter("token"::equals)
                    .count();
            assertEquals(1, tokens);
        }
    }

    /** Takes the next step of the token: in p, in the channel to q, in q, in the channel to p. */
    private static void turnOfTheToken(PaperWorld world, int step) {
        NodeId holder = step % 4 < 2 ? P : Q;
        NodeId other = holder.equals(P) ? Q : P;
        if (step % 2 == 0 && world.state(holder).equals("token")) {
            world.state(holder, "");
            world.send(holder, other, "token");
        } else if (step % 2 == 1) {
            while (!world.inChannel(holder, other).isEmpty()) {
                if (world.deliver(holder, other).equals("token")) {
                    world.state(other, "token");
                }
            }
        }
    }

    /** Section 3.2, marker-sending rule: the marker is behind all before the record, and before all behind it. */
    @Test
    void theMarkerIsSentAfterTheRecordAndBeforeAnythingElse() {
        PaperWorld world = new PaperWorld(P, Q, R);
        world.send(P, Q, "before");
        world.state(P, "s");
        SnapshotId id = world.begin(P);
        world.send(P, Q, "behind");
        world.send(P, R, "behind");
        assertEquals("s", world.recordedState(id, P));
        assertEquals(List.of("before", "◆1", "behind"), world.inChannel(P, Q));
        assertEquals(List.of("◆1", "behind"), world.inChannel(P, R));
    }

    /** Section 3.2, marker-receiving rule, the state not being recorded: record it, and the channel is empty. */
    @Test
    void theFirstMarkerRecordsTheStateAndItsChannelAsEmpty() {
        PaperWorld world = new PaperWorld(P, Q);
        SnapshotId id = world.begin(P);
        world.send(P, Q, "behind");
        world.state(Q, "s");
        world.deliver(P, Q);
        world.state(Q, "t");
        assertEquals("s", world.recordedState(id, Q));
        assertEquals(List.of("◆1"), world.inChannel(Q, P));
        assertEquals(List.of(), world.recordedChannel(id, P, Q));
    }

    /** Section 3.2, marker-receiving rule, the state being recorded: the channel holds what came since. */
    @Test
    void aLaterMarkerEndsItsChannel() {
        PaperWorld world = new PaperWorld(P, Q);
        world.send(Q, P, "received before the record");
        world.send(Q, P, "in the channel");
        world.deliver(Q, P);
        SnapshotId id = world.begin(P);
        world.send(Q, P, "in the channel too");
        world.deliver(P, Q);
        world.send(Q, P, "sent behind the record");
        world.deliver(Q, P);
        world.deliver(Q, P);
        assertFalse(world.isRecorded(id, P));
        world.deliver(Q, P);
        world.deliver(Q, P);
        assertEquals(List.of("in the channel", "in the channel too"), world.recordedChannel(id, Q, P));
    }

    /** Section 3.3: if one process records its state, all do in finite time, and it is over when all markers have come. */
    @Test
    void itEndsWhenAllMarkersHaveCome() {
        for (NodeId initiator : List.of(P, Q, R)) {
            PaperWorld world = new PaperWorld(P, Q, R);
            SnapshotId id = world.begin(initiator);
            world.deliverAll();
            assertTrue(world.isRecorded(id));
            for (NodeId process : List.of(P, Q, R)) {
                assertFalse(world.isRecording(process));
            }
        }
    }

    /**
     * Section 2, example 2.2, and section 4: p sends M and q sends M', which p receives.
     *
     * <p>The recorded global state never existed: p in A, q in D, and M' in the channel.
     */
    @Test
    void theRecordedStateNeedNotHaveOccurred() {
        PaperWorld world = new PaperWorld(P, Q);
        world.state(P, "A");
        world.state(Q, "C");
        SnapshotId id = world.begin(P);
        world.state(P, "B");
        world.send(P, Q, "M");
        world.state(Q, "D");
        world.send(Q, P, "M'");
        world.deliver(Q, P);
        world.state(P, "A");
        world.deliver(P, Q);
        world.deliver(Q, P);
        assertEquals("A", world.recordedState(id, P));
        assertEquals("D", world.recordedState(id, Q));
        assertEquals(List.of(), world.recordedChannel(id, P, Q));
        assertEquals(List.of("M'"), world.recordedChannel(id, Q, P));
    }

    /**
     * Section 4, theorem 1: the run of example 2.2, permuted so that the events before the records come first.
     *
     * <p>It goes through the recorded state, and ends as the other did.
     */
    @Test
    void thePermutedRunGoesThroughTheRecordedState() {
        PaperWorld world = new PaperWorld(P, Q);
        world.state(P, "A");
        world.state(Q, "C");
        world.state(Q, "D");
        world.send(Q, P, "M'");
        assertEquals("A", world.state(P));
        assertEquals("D", world.state(Q));
        assertEquals(List.of("M'"), world.inChannel(Q, P));
        assertEquals(List.of(), world.inChannel(P, Q));
        world.state(P, "B");
        world.send(P, Q, "M");
        assertEquals("M'", world.deliver(Q, P));
        world.state(P, "A");
        assertEquals(List.of("M"), world.inChannel(P, Q));
    }

    /**
     * Section 3.2: more than one process may begin. Each snapshot is separate, and to others its marker is a message.
     */
    @Test
    void twoInitiatorsRecordTwoSnapshots() {
        PaperWorld world = new PaperWorld(P, Q);
        SnapshotId one = world.begin(P);
        world.send(P, Q, "m");
        SnapshotId other = world.begin(Q);
        world.deliverAll();
        assertTrue(world.isRecorded(one) && world.isRecorded(other));
        assertEquals(List.of(""), world.recordedChannel(one, Q, P));
        assertEquals(List.of("", "m"), world.recordedChannel(other, P, Q));
    }

    /** Several snapshots of one process at once: each has its own place among the messages. */
    @Test
    void oneInitiatorRecordsSeveralAtOnce() {
        PaperWorld world = new PaperWorld(P, Q);
        world.state(P, "1");
        SnapshotId first = world.begin(P);
        world.state(P, "2");
        world.send(Q, P, "m");
        SnapshotId second = world.begin(P);
        assertEquals(List.of("◆1", "◆2"), world.inChannel(P, Q));
        world.deliverAll();
        assertEquals("1", world.recordedState(first, P));
        assertEquals("2", world.recordedState(second, P));
        assertEquals(List.of("m"), world.recordedChannel(first, Q, P));
        assertEquals(List.of("m", ""), world.recordedChannel(second, Q, P));
    }

    @Test
    void aSnapshotBeginsOnce() {
        PaperWorld world = new PaperWorld(P, Q);
        SnapshotId id = world.begin(P);
        assertThrows(IllegalArgumentException.class, () -> world.begin(id));
    }

    /** A process without others is a whole system. */
    @Test
    void aProcessAloneIsRecordedAtOnce() {
        PaperWorld world = new PaperWorld(P);
        assertTrue(world.isRecorded(world.begin(P)));
        assertFalse(world.isRecording(P));
    }

    /** Section 2: channels are without loss. If one loses a message, the numbers show it, and nothing is recorded. */
    @Test
    void aMessageThatIsMissingIsNoticed() {
        PaperWorld world = new PaperWorld(P, Q);
        world.send(Q, P, "lost");
        world.send(Q, P, "m");
        SnapshotId id = world.begin(P);
        world.lose(Q, P);
        world.deliver(Q, P);
        assertEquals(List.of("n1: n2: message 2 where 1 was to come"), world.damages);
        world.deliverAll();
        assertFalse(world.isRecorded(id, P));
    }

    @Test
    void aMarkerBehindAMessageThatIsMissingIsNoticed() {
        PaperWorld world = new PaperWorld(P, Q);
        world.send(Q, P, "lost");
        world.begin(P);
        world.deliver(P, Q);
        world.lose(Q, P);
        world.deliver(Q, P);
        assertEquals(List.of("n1: marker 2 where 1 was to come"), world.damages);
    }

    @Test
    void aProcessThatCannotSendAMarkerRecordsNothing() {
        PaperWorld world = new PaperWorld(P, Q);
        world.breakDown(P, Q);
        SnapshotId id = world.begin(P);
        assertEquals(
                List.of("n1: the marker to n2 is not the next message on its channel, or there is none"),
                world.damages);
        assertFalse(world.isRecording(P));
        assertFalse(world.isRecorded(id, P));
    }

    /** Section 3.2: the marker is sent before any other message. */
    @Test
    void aMessageBetweenTheRecordAndTheMarkerIsNoticed() {
        PaperWorld world = new PaperWorld(P, Q);
        world.atRecord = () -> world.send(P, Q, "slipped in");
        SnapshotId id = world.begin(P);
        assertEquals(
                List.of("n1: the marker to n2 is not the next message on its channel, or there is none"),
                world.damages);
        assertFalse(world.isRecorded(id, P));
    }

    /** A process that cannot record its state sends no marker: nothing stands between the record and the marker. */
    @Test
    void aProcessThatCannotRecordItsStateSendsNoMarker() {
        PaperWorld world = new PaperWorld(P, Q);
        world.refusal = "no state";
        world.begin(P);
        assertEquals(List.of("n1: no state"), world.damages);
        assertEquals(List.of(), world.inChannel(P, Q));
    }
}
