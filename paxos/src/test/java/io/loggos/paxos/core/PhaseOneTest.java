package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Completeness and results of phase 1 (RULES.md P-5 to P-7). */
class PhaseOneTest {
    private static final Ballot OWN = new Ballot(9, 1);
    private static final Ballot LOW = new Ballot(1, 2);
    private static final Ballot HIGH = new Ballot(2, 2);
    private static final Bytes A = Lone.batch("a");
    private static final Bytes B = Lone.batch("b");

    private final PhaseOne phase = new PhaseOne(Lone.voters(3));

    @Test
    void quorumOfPromisesCompletes() {
        add(1, Lone.promise(OWN));
        assertFalse(phase.complete(0));
        add(1, Lone.promise(OWN));
        assertFalse(phase.complete(0), "one voter twice is no quorum");

        add(2, Lone.promise(OWN));
        assertTrue(phase.complete(0));
    }

    @Test
    void strangerIsNoVoter() {
        add(1, Lone.promise(OWN));
        add(7, Lone.promise(OWN));

        assertFalse(phase.complete(0));
        assertFalse(phase.hasAnswered(NodeId.of(7)));
    }

    /** RULES.md P-5: a promise counts once its last part has come, and no part counts earlier. */
    @Test
    void promiseInPartsCountsWhenWhole() {
        add(1, Lone.promise(OWN));
        add(2, part(0, false, LogEntry.of(1, LOW, A)));
        assertFalse(phase.complete(0));
        assertTrue(phase.values(0).isEmpty());

        add(2, part(1, true, LogEntry.of(2, HIGH, B)));
        assertTrue(phase.complete(0));
        assertEquals(List.of(1L, 2L), List.copyOf(phase.values(0).keySet()));
    }

    /** RULES.md P-5: a missing part leaves the promise open, whatever comes later. */
    @Test
    void partOutOfOrderDoesNotCount() {
        add(1, Lone.promise(OWN));
        add(2, part(1, true));
        add(2, part(0, false, LogEntry.of(1, LOW, A)));
        add(2, part(2, true));

        assertFalse(phase.hasAnswered(NodeId.of(2)));
        assertFalse(phase.complete(0));
    }

    /** RULES.md P-5: part 0 begins an incomplete answer anew. A complete answer stays. */
    @Test
    void repeatedAnswerBeginsAnewUntilItIsWhole() {
        add(2, part(0, false, LogEntry.of(1, LOW, A)));
        add(2, part(0, false, LogEntry.of(2, LOW, A)));
        add(2, part(1, true));
        add(2, part(0, true));
        add(1, Lone.promise(OWN));

        assertTrue(phase.complete(0));
        assertEquals(List.of(2L), List.copyOf(phase.values(0).keySet()));
    }

    /** RULES.md P-6: for each slot the value of the highest ballot wins, in any order of the answers. */
    @Test
    void highestBallotWins() {
        add(1, Lone.promise(OWN, LogEntry.of(1, HIGH, B), LogEntry.of(2, LOW, A)));
        add(2, Lone.promise(OWN, LogEntry.of(1, LOW, A), LogEntry.of(2, HIGH, B)));

        assertEquals(B, valueAt(1));
        assertEquals(B, valueAt(2));
        assertNull(phase.conflict());
    }

    /** RULES.md P-6: one ballot cannot have two values. */
    @Test
    void twoValuesInOneBallotAreAConflict() {
        add(1, Lone.promise(OWN, LogEntry.of(4, LOW, A)));
        add(2, Lone.promise(OWN, LogEntry.of(4, LOW, B)));
        phase.values(0);

        String conflict = phase.conflict();
        assertNotNull(conflict);
        assertTrue(conflict.contains("slot 4") && conflict.contains(LOW.toString()), conflict);
    }

    /** RULES.md P-7: a faulty record is neither empty nor accepted, so another acceptor must answer for the slot. */
    @Test
    void faultyRecordIsNoVoteForItsSlot() {
        add(1, Lone.promise(OWN));
        add(2, Lone.promise(OWN, LogEntry.faultyAt(1)));
        assertFalse(phase.complete(0));

        add(3, Lone.promise(OWN, LogEntry.of(1, LOW, A)));
        assertTrue(phase.complete(0));
        assertEquals(A, valueAt(1));
    }

    /** RULES.md P-7: no node can tell the value of the slot, so phase 1 never completes. No value is invented. */
    @Test
    void faultyOnAMajorityNeverCompletes() {
        add(1, Lone.promise(OWN, LogEntry.faultyAt(1)));
        add(2, Lone.promise(OWN, LogEntry.faultyAt(1)));
        add(3, Lone.promise(OWN));

        assertFalse(phase.complete(0));
    }

    /** Different slots may be faulty at different nodes. */
    @Test
    void faultyRecordsOfDifferentSlotsAreCountedApart() {
        add(1, Lone.promise(OWN, LogEntry.faultyAt(1)));
        add(2, Lone.promise(OWN, LogEntry.faultyAt(2)));
        assertFalse(phase.complete(0));

        add(3, Lone.promise(OWN));
        assertTrue(phase.complete(0));
    }

    /** A slot that is known to be chosen needs no vote. */
    @Test
    void faultyRecordOfAChosenSlotDoesNotMatter() {
        add(1, Lone.promise(OWN));
        add(2, new PaxosMessage.Promise(OWN, 3, 1, 0, true, List.of(LogEntry.faultyAt(3))));

        assertTrue(phase.complete(0));
        assertEquals(3, phase.chosenThrough(0));
    }

    /** A slot that one answerer knows to be chosen is chosen, and is not proposed again. */
    @Test
    void chosenThroughIsTheHighestOfAll() {
        add(1, new PaxosMessage.Promise(OWN, 2, 1, 0, true, List.of(LogEntry.of(3, LOW, A))));
        add(2, new PaxosMessage.Promise(OWN, 5, 4, 0, true, List.of(LogEntry.of(6, LOW, A))));

        assertEquals(5, phase.chosenThrough(0));
        assertEquals(8, phase.chosenThrough(8));
        assertEquals(NodeId.of(2), phase.bestInformed());
        assertEquals(List.of(6L), List.copyOf(phase.values(5).keySet()));
    }

    private void add(int from, PaxosMessage.Promise promise) {
        phase.add(NodeId.of(from), promise);
    }

    private Bytes valueAt(long slot) {
        LogEntry entry = phase.values(0).get(slot);
        return entry == null ? Bytes.EMPTY : entry.value();
    }

    private static PaxosMessage.Promise part(int part, boolean last, LogEntry... accepted) {
        return new PaxosMessage.Promise(OWN, 0, 1, part, last, List.of(accepted));
    }
}
