package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chosen slots that were lost: which of them come back, and which halt the log (RULES.md F-12, F-17). */
class RepairTest {
    private static final Ballot OLD = new Ballot(1, 2);
    private static final Bytes A = Lone.batch("a");

    /** A replica of three that has learned nine slots and finds slot 1 damaged. */
    private static Lone damagedAtOne(long truncatedBelow) {
        Lone lone = new Lone(3, new RecoveredLog(OLD, 9, truncatedBelow, List.of(), null), 0);
        List<LogEntry> read = truncatedBelow > 1 ? List.of() : List.of(LogEntry.faultyAt(1));
        lone.core.onLogRead(null, 1, read, lone.out);
        lone.turn();
        return lone;
    }

    private static PaxosMessage.Learned lost(long slot) {
        return new PaxosMessage.Learned(slot, 9, 1, List.of());
    }

    @Test
    void slotThatAllHaveLostHaltsTheLogWithItsNumber() {
        Lone lone = damagedAtOne(1);
        lone.receive(2, lost(1));
        assertEquals(List.of(), lone.out.halts);

        lone.receive(3, lost(1));
        assertEquals(1, lone.out.halts.size());
        assertTrue(lone.out.halts.get(0).startsWith("slot 1 "), lone.out.halts::toString);
    }

    /** A halted replica answers nobody, so it tells the others first. */
    @Test
    void replicaThatHaltsTellsThePeersThatItHasNoValue() {
        Lone lone = damagedAtOne(1);
        lone.receive(2, lost(1));
        lone.receive(3, lost(1));
        PaxosMessage.Learned farewell = new PaxosMessage.Learned(1, 1, 1, List.of());
        assertEquals(List.of(farewell), lone.out.to(2, PaxosMessage.Learned.class));
        assertEquals(List.of(farewell), lone.out.to(3, PaxosMessage.Learned.class));

        Lone other = damagedAtOne(1);
        other.receive(3, lost(1));
        other.receive(2, farewell);
        assertEquals(1, other.out.halts.size());
    }

    /** A peer that has not learned the slot may hold its value as an acceptor. */
    @Test
    void peerThatIsBehindHasNotLostTheSlot() {
        Lone lone = damagedAtOne(1);
        lone.receive(2, lost(1));
        lone.receive(3, new PaxosMessage.Learned(1, 0, 1, List.of()));
        assertEquals(List.of(), lone.out.halts);
    }

    /** This replica's own acceptor may hold the value, and a later phase 1 may find it. */
    @Test
    void replicaThatAcceptedAValueDoesNotHalt() {
        Lone lone = new Lone(3);
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(3, new PaxosMessage.Chosen(new Ballot(2, 3), 1));
        lone.receive(3, lost(1));
        lone.receive(2, lost(1));
        assertEquals(List.of(), lone.out.halts);
    }

    /** A replica says that it lacks a slot only if it knows the slot to be chosen and has accepted no sound value. */
    @Test
    void replicaThatIsBehindSaysWhetherItMayHoldTheValue() {
        PaxosMessage.Learned lacks = new PaxosMessage.Learned(1, 1, 1, List.of());
        Lone damaged = new Lone(3, new RecoveredLog(OLD, 0, 1, List.of(LogEntry.faultyAt(1)), null), 0);
        damaged.receive(2, new PaxosMessage.Learn(1));
        assertFalse(damaged.out.to(2, PaxosMessage.Learned.class).contains(lacks));
        damaged.receive(2, new PaxosMessage.Status(OLD, Ballot.ZERO, 0, 1, false));
        damaged.receive(2, new PaxosMessage.Learn(1));
        assertTrue(damaged.out.to(2, PaxosMessage.Learned.class).contains(lacks));

        Lone sound = new Lone(3, new RecoveredLog(OLD, 0, 1, List.of(LogEntry.of(1, OLD, A)), null), 0);
        sound.receive(2, new PaxosMessage.Status(OLD, Ballot.ZERO, 0, 1, false));
        sound.receive(2, new PaxosMessage.Learn(1));
        assertFalse(sound.out.to(2, PaxosMessage.Learned.class).contains(lacks));
    }

    /** A peer that has truncated the slot has a checkpoint. */
    @Test
    void peerThatHasTruncatedTheSlotHasNotLostIt() {
        Lone lone = damagedAtOne(1);
        lone.receive(3, lost(1));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 5, List.of()));
        assertEquals(List.of(), lone.out.halts);
    }

    /** Answers about one slot say nothing about another. */
    @Test
    void eachSlotIsAskedForAtAllPeers() {
        Lone lone = damagedAtOne(1);
        lone.receive(2, lost(1));
        lone.tick(Lone.LIMITS.electionNanos());
        lone.receive(3, new PaxosMessage.Learned(1, 9, 1, List.of(LogEntry.of(1, OLD, A))));
        assertEquals(List.of(1L), lone.out.appliedSlots());

        lone.core.onLogRead(null, 2, List.of(LogEntry.faultyAt(2)), lone.out);
        lone.turn();
        lone.receive(3, lost(2));
        assertEquals(List.of(), lone.out.halts);
    }

    /** A replica that never had the slot halts as well, if all others had it and have lost it. */
    @Test
    void slotThatAllOthersHaveLostHaltsAReplicaThatIsBehind() {
        Lone lone = new Lone(3);
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(3, lost(1));
        lone.receive(2, lost(1));
        assertEquals(1, lone.out.halts.size());
        assertTrue(lone.out.halts.get(0).startsWith("slot 1 "), lone.out.halts::toString);
    }

    /** The others halt, and so can give this replica none of the slots before the lost one either. */
    @Test
    void lostSlotHaltsAReplicaThatIsStillFurtherBehind() {
        Lone lone = new Lone(3);
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(3, lost(5));
        lone.receive(3, new PaxosMessage.Learned(1, 0, 1, List.of()));
        assertEquals(List.of(), lone.out.halts);
        lone.receive(2, lost(5));
        assertEquals(1, lone.out.halts.size());
        assertTrue(lone.out.halts.get(0).startsWith("slot 5 "), lone.out.halts::toString);
    }

    /** A value of the slot that arrives ends the search: what peers have said of it before is old. */
    @Test
    void peersAreAskedAnewAfterAValueHasCome() {
        Lone lone = new Lone(3);
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(3, lost(1));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 1, List.of(LogEntry.of(1, OLD, A))));
        lone.core.onLogRead(NodeId.of(3), 1, List.of(LogEntry.faultyAt(1)), lone.out);
        lone.turn();
        lone.receive(2, lost(1));
        assertEquals(List.of(), lone.out.halts);
    }

    /** Values below the begin of the log go to the state machine, because the disk does not keep them. */
    @Test
    void repairBelowTheTruncationEnds() {
        Lone lone = damagedAtOne(5);
        ask(lone, 1);
        List<LogEntry> values = List.of(LogEntry.of(1, OLD, A), LogEntry.of(2, OLD, A));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 1, values));
        lone.receive(3, new PaxosMessage.Learned(1, 9, 1, values));

        assertEquals(List.of(1L, 2L), lone.out.appliedSlots());
        assertEquals(List.of(), lone.out.written(LogRecord.Learned.class));
        Recorder.LogRead last = lone.out.logReads.get(lone.out.logReads.size() - 1);
        assertEquals(3, last.fromSlot());
    }

    /** A checkpoint is fetched if no peer has such slots in its log. */
    @Test
    void repairBelowTheTruncationOfAllFetchesACheckpoint() {
        Lone lone = damagedAtOne(5);
        NodeId asked = ask(lone, 1);
        lone.receive(asked.value(), new PaxosMessage.Learned(1, 9, 6, List.of()));
        assertEquals(List.of(new Recorder.Fetch(asked, 1)), lone.out.fetches);

        lone.core.onCheckpointInstalled(7, null, 0, lone.out);
        lone.turn();
        assertTrue(lone.core.progress().chosenSlot() >= 7);
    }

    private static NodeId ask(Lone lone, long slot) {
        return lone.out.sent.stream()
                .filter(sent -> sent.message().equals(new PaxosMessage.Learn(slot)))
                .findFirst()
                .orElseThrow()
                .to();
    }

    /** RULES.md F-12: its "chosen through" would keep a new leader from proposing the slot that it lacks. */
    @Test
    void replicaThatLacksAChosenSlotPromisesNothing() {
        Lone lone = damagedAtOne(1);
        Ballot ballot = new Ballot(5, 2);
        lone.receive(2, new PaxosMessage.Prepare(ballot, 1));
        assertEquals(List.of(), lone.out.all(PaxosMessage.Promise.class));

        NodeId asked = ask(lone, 1);
        lone.receive(asked.value(), new PaxosMessage.Learned(1, 9, 1, List.of(LogEntry.of(1, OLD, A))));
        lone.receive(2, new PaxosMessage.Prepare(ballot, 1));
        assertEquals(1, lone.out.all(PaxosMessage.Promise.class).size());
    }

    /** A checkpoint says nothing of the slots behind it. */
    @Test
    void checkpointBelowTheSlotDoesNotEndItsRepair() {
        Lone lone = new Lone(3, new RecoveredLog(OLD, 9, 1, List.of(), null), 3);
        lone.core.onLogRead(NodeId.of(3), 6, List.of(LogEntry.faultyAt(6)), lone.out);
        lone.turn();
        lone.core.onCheckpointInstalled(5, null, 0, lone.out);
        lone.turn();
        lone.receive(2, new PaxosMessage.Prepare(new Ballot(5, 2), 1));
        assertEquals(List.of(), lone.out.all(PaxosMessage.Promise.class));

        lone.core.onCheckpointInstalled(6, null, 0, lone.out);
        lone.turn();
        lone.receive(2, new PaxosMessage.Prepare(new Ballot(5, 2), 1));
        assertEquals(1, lone.out.all(PaxosMessage.Promise.class).size());
    }

    /** Replicas that have lost several slots search for the lowest, so that they agree on the one that halts them. */
    @Test
    void lowestSlotIsRepairedFirst() {
        Lone lone = new Lone(3, new RecoveredLog(OLD, 9, 1, List.of(), null), 3);
        lone.core.onLogRead(NodeId.of(3), 6, List.of(LogEntry.faultyAt(6)), lone.out);
        lone.core.onLogRead(NodeId.of(3), 4, List.of(LogEntry.faultyAt(4)), lone.out);
        lone.core.onLogRead(NodeId.of(3), 8, List.of(LogEntry.faultyAt(8)), lone.out);
        lone.turn();
        assertTrue(lone.out.sent.stream().anyMatch(sent -> sent.message().equals(new PaxosMessage.Learn(4))));
        assertFalse(lone.out.sent.stream().anyMatch(sent -> sent.message().equals(new PaxosMessage.Learn(6))));
    }

    /** A slot that waits for its turn is not read again and again meanwhile. */
    @Test
    void damagedSlotThatWaitsIsNotReadAgain() {
        Lone lone = new Lone(3, new RecoveredLog(OLD, 9, 1, List.of(), null), 5);
        lone.core.onLogRead(NodeId.of(3), 4, List.of(LogEntry.faultyAt(4)), lone.out);
        lone.core.onLogRead(null, 6, List.of(LogEntry.faultyAt(6)), lone.out);
        int reads = lone.out.logReads.size();
        lone.turn();
        lone.tick(1);
        assertEquals(reads, lone.out.logReads.size());
    }
}
