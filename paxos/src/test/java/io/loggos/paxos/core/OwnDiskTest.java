package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replica whose disk is later than those of its peers (RULES.md O-6 and F-19). The window is 4 slots. */
class OwnDiskTest {
    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    /** A slot that is chosen and not on the leader's disk still fills the leader's window. */
    @Test
    void unwrittenSlotsFillTheWindow() {
        Ballot ballot = lone.lead();
        for (int slot = 1; slot <= 8; slot++) {
            lone.propose("x".repeat(100));
            chosenByOthers(ballot, slot);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), proposed());
        assertEquals(4, lone.core.progress().chosenSlot());

        lone.sync();
        assertTrue(proposed().contains(5L), () -> "proposed: " + proposed());
    }

    /** The window counts slots that are proposed. A slot that was learned from another node is not waited for. */
    @Test
    void learnedSlotsDoNotCloseTheWindow() {
        Ballot ballot = lone.lead();
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 6, false));
        List<LogEntry> learned = new ArrayList<>(List.of(learned(ballot, 1)));
        for (long slot = 2; slot <= 6; slot++) {
            learned.add(other(slot));
        }
        lone.receive(2, new PaxosMessage.Learned(1, 6, 1, learned));
        assertEquals(6, lone.core.progress().chosenSlot());
        lone.applied(6);
        lone.propose("x".repeat(100));
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 7));
        lone.applied(7);
        lone.propose("y".repeat(100));
        assertEquals(List.of(1L, 7L, 8L), proposed());
    }

    /** RULES.md O-6: a leader hands over whose disk lacks a chosen slot for more than two election timeouts. */
    @Test
    void leaderWithALateDiskHandsOver() {
        Ballot ballot = lone.lead();
        chosenByOthers(ballot, 1);
        ticks(2 * lone.limits.electionNanos());
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());

        ticks(2 * lone.limits.heartbeatNanos());
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        assertTrue(out.notes.contains(PaxosEvent.DISK_LATE));
    }

    /** A disk that is as late as the others' is not late: nobody could do better. */
    @Test
    void leaderWithAQuorumAsLateStays() {
        lone.lead();
        ticks(20 * lone.limits.electionNanos());
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());
    }

    /** The lag counts from the oldest slot that is missing. A disk that is slow and keeps up stays within the bound. */
    @Test
    void leaderWithASlowDiskThatKeepsUpStays() {
        Ballot ballot = lone.lead();
        for (int slot = 1; slot <= 10; slot++) {
            chosenByOthers(ballot, slot);
            ticks(lone.limits.electionNanos());
            lone.propose("x".repeat(100));
            lone.sync();
        }
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());
    }

    /** A candidate's promise must reach the disk first. So a node with a late disk does not become one. */
    @Test
    void nodeWithALateDiskDoesNotBid() {
        out.writingSinceNanos = lone.now();
        lone.pass(2 * lone.limits.electionNanos());
        ticks(10 * lone.limits.electionNanos());
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());

        out.writingSinceNanos = Long.MAX_VALUE;
        lone.campaign();
    }

    /** Proposals, and slots to be fetched, wait for room. */
    @Test
    void nothingIsProposedOrFetchedWithoutRoom() {
        Ballot ballot = lone.leadAndChoose();
        out.room = false;
        lone.propose("x".repeat(100));
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 5, false));
        assertEquals(List.of(1L), proposed());
        assertEquals(List.of(), out.all(PaxosMessage.Learn.class));

        out.room = true;
        lone.turn();
        assertTrue(proposed().contains(2L), () -> "proposed: " + proposed());
        assertEquals(List.of(new PaxosMessage.Learn(2)), out.all(PaxosMessage.Learn.class));
        assertEquals(ballot, lone.core.progress().promised());
    }

    private void ticks(long nanos) {
        for (long passed = 0; passed < nanos; passed += lone.limits.heartbeatNanos()) {
            lone.tick(lone.limits.heartbeatNanos());
        }
    }

    private void chosenByOthers(Ballot ballot, int slot) {
        lone.receive(2, new PaxosMessage.Accepted(ballot, slot));
        lone.receive(3, new PaxosMessage.Accepted(ballot, slot));
        lone.applied(Math.min(slot, lone.core.progress().chosenSlot()));
    }

    private LogEntry learned(Ballot ballot, long slot) {
        return LogEntry.of(
                slot, ballot, out.to(2, PaxosMessage.Accept.class).get(0).batch());
    }

    private static LogEntry other(long slot) {
        return LogEntry.of(slot, new Ballot(1_000, 3), Lone.batch("learned"));
    }

    private List<Long> proposed() {
        return out.to(2, PaxosMessage.Accept.class).stream()
                .map(PaxosMessage.Accept::slot)
                .toList();
    }
}
