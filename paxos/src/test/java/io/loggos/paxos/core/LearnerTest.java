package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a replica comes to know what is chosen (<i>Paxos Made Simple</i>, section 2.3), and where it gets it. */
class LearnerTest {
    private static final NodeId TWO = NodeId.of(2);
    private static final Ballot OLD = new Ballot(1, 2);
    private static final Ballot NEW = new Ballot(2, 3);
    private static final Bytes A = Lone.batch("a");
    private static final Bytes B = Lone.batch("b");

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    /** Phase 3, on the next accept or alone. */
    @Test
    void acceptedValueOfTheSameBallotIsChosen() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 1, A));
        assertEquals(List.of(1L), out.appliedSlots());

        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        assertEquals(List.of(1L, 2L), out.appliedSlots());
    }

    /** P-9: a value that was accepted in an older ballot need not be the chosen one; it is fetched. */
    @Test
    void acceptedValueOfAnOlderBallotIsNotTakenForChosen() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(3, new PaxosMessage.Chosen(NEW, 1));
        assertEquals(List.of(), out.appliedSlots());
        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(3, PaxosMessage.Learn.class));

        lone.receive(3, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, NEW, B))));
        assertEquals(List.of("b"), Lone.commands(out.applied.get(0).batch().bytes()));
        assertTrue(out.writes.contains(new LogRecord.Learned(Lone.LOG, 1, NEW, B)));
    }

    /** The news must come from the owner of the ballot that it names. */
    @Test
    void newsInTheNameOfAnotherAreIgnored() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(3, new PaxosMessage.Chosen(OLD, 1));

        assertEquals(List.of(), out.appliedSlots());
    }

    /** How far the log is chosen is written, behind the values, without a sync of its own: when idle, … */
    @Test
    void chosenThroughIsWrittenAfterTheValues() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        assertEquals(new LogRecord.Accepted(Lone.LOG, 1, OLD, A), out.writes.get(out.writes.size() - 1));

        lone.tick(Lone.LIMITS.heartbeatNanos());
        assertEquals(new LogRecord.ChosenThrough(Lone.LOG, 1), out.writes.get(out.writes.size() - 1));
    }

    /** … and else together with an accept, now and then: each slot would cost as many writes again. */
    @Test
    void chosenThroughIsWrittenWithAnAcceptNowAndThen() {
        int most = 32;
        for (int slot = 1; slot <= most; slot++) {
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, slot - 1, A));
        }
        assertTrue(out.writes.stream().noneMatch(write -> write instanceof LogRecord.ChosenThrough));

        lone.receive(2, new PaxosMessage.Accept(OLD, most + 1, most, A));
        assertEquals(
                List.of(
                        new LogRecord.Accepted(Lone.LOG, most + 1, OLD, A),
                        new LogRecord.ChosenThrough(Lone.LOG, most)),
                out.writes.subList(out.writes.size() - 2, out.writes.size()));
    }

    /** What many logs keep in memory together is bounded: the share of each shrinks, and the disk has the rest. */
    @Test
    void smallerCacheIsTrimmedAtOnce() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 1, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        lone.receive(3, new PaxosMessage.Learn(1));
        assertEquals(0, out.logReads.size());

        lone.core.cacheAtMost(1);
        lone.receive(3, new PaxosMessage.Learn(1));
        assertEquals(1, out.logReads.size());
    }

    /** What is chosen, and missing below what is there, is asked for; the rest waits for it. */
    @Test
    void gapIsFetched() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        assertEquals(List.of(), out.appliedSlots());
        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(2, PaxosMessage.Learn.class));

        lone.receive(2, new PaxosMessage.Learned(1, 2, 1, List.of(LogEntry.of(1, OLD, B), LogEntry.of(2, OLD, A))));
        assertEquals(List.of(1L, 2L), out.appliedSlots());
    }

    /** An answer counts for what was asked: a late one to an earlier question does not. */
    @Test
    void answerToAnotherQuestionIsIgnored() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        lone.receive(2, new PaxosMessage.Learned(2, 2, 1, List.of(LogEntry.of(2, OLD, B))));

        assertEquals(List.of(), out.appliedSlots());
    }

    /** A peer that does not answer is not waited for: another is asked. */
    @Test
    void silentPeerIsLeftForAnother() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        lone.tick(Lone.LIMITS.electionNanos() / 2);

        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(3, PaxosMessage.Learn.class));
    }

    @Test
    void peersAreAnsweredFromMemory() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        lone.receive(3, new PaxosMessage.Learn(1));

        assertEquals(
                List.of(new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, OLD, A)))),
                out.to(3, PaxosMessage.Learned.class));
    }

    /** From the disk, as far as it is sound and without a gap. */
    @Test
    void peersAreAnsweredFromTheDisk() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 9, 4, List.of()), 9);
        restarted.receive(3, new PaxosMessage.Learn(5));
        assertEquals(List.of(new Recorder.LogRead(NodeId.of(3), 5, 9)), restarted.out.logReads);

        List<LogEntry> read =
                List.of(LogEntry.of(5, OLD, A), LogEntry.of(6, OLD, B), LogEntry.faultyAt(7), LogEntry.of(8, OLD, A));
        restarted.core.onLogRead(NodeId.of(3), 5, read, restarted.out);
        assertEquals(
                List.of(new PaxosMessage.Learned(5, 9, 4, read.subList(0, 2))),
                restarted.out.to(3, PaxosMessage.Learned.class));
    }

    /** Who asks for what is truncated is told where the log begins, and fetches a checkpoint. */
    @Test
    void truncatedSlotIsAnsweredWithWhereTheLogBegins() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 9, 4, List.of()), 9);
        restarted.receive(3, new PaxosMessage.Learn(3));

        assertEquals(
                List.of(new PaxosMessage.Learned(3, 9, 4, List.of())), restarted.out.to(3, PaxosMessage.Learned.class));
    }

    @Test
    void checkpointIsFetchedWhereTheLogBeginsLater() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 4, List.of()));

        assertEquals(List.of(new Recorder.Fetch(TWO, 1)), out.fetches);
    }

    /** A checkpoint that does not come is fetched elsewhere. */
    @Test
    void missedCheckpointIsFetchedFromAnother() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 4, List.of()));
        lone.core.onCheckpointMissed();
        lone.turn();

        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(3, PaxosMessage.Learn.class));
    }

    /** C-3: a checkpoint brings the state forward; the promise and what is accepted above it stay. */
    @Test
    void installedCheckpointKeepsPromiseAndAccepted() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 5, 0, A));
        lone.receive(2, new PaxosMessage.Accept(OLD, 4, 0, B));
        lone.core.onCheckpointInstalled(4, out);
        lone.turn();
        lone.receive(3, new PaxosMessage.Prepare(NEW, 1));

        assertEquals(List.of(4L), out.restored);
        assertEquals(4, lone.core.standing().chosenSlot());
        assertEquals(
                List.of(new PaxosMessage.Promise(NEW, 4, 5, 0, true, List.of(LogEntry.of(5, OLD, A)))),
                out.to(3, PaxosMessage.Promise.class));
        assertEquals(List.of(new LogRecord.TruncatedBelow(Lone.LOG, 5)), out.written(LogRecord.TruncatedBelow.class));
    }

    /** A checkpoint at or below what was applied changes nothing for the state machine. */
    @Test
    void oldCheckpointIsNotRestored() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        lone.core.onCheckpointInstalled(1, out);
        lone.turn();

        assertEquals(List.of(), out.restored);
        assertEquals(List.of(1L), out.appliedSlots());
    }

    /** C-2: the log begins behind the checkpoint before the last, less what is kept for peers that lag. */
    @Test
    void truncationStaysBehindTheCheckpoint() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 20, 1, List.of()), 20);
        restarted.core.onCheckpoint(19, restarted.out);
        restarted.core.onCheckpoint(10, restarted.out);

        assertEquals(
                List.of(new LogRecord.TruncatedBelow(Lone.LOG, 19)),
                restarted.out.written(LogRecord.TruncatedBelow.class));
    }

    /** F-12: a chosen slot that rotted here is fetched from a node where it is sound, and goes on from there. */
    @Test
    void rottenChosenSlotIsFetched() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 2, 1, List.of()), 0);
        restarted.core.onLogRead(null, 1, List.of(LogEntry.faultyAt(1)), restarted.out);
        restarted.turn();
        PaxosMessage.Learned answer = new PaxosMessage.Learned(1, 2, 1, List.of(LogEntry.of(1, OLD, A)));
        restarted.receive(2, answer);
        assertTrue(restarted.out.writes.contains(new LogRecord.Learned(Lone.LOG, 1, OLD, A)));

        List<LogEntry> sound = List.of(LogEntry.of(1, OLD, A), LogEntry.of(2, OLD, B));
        restarted.core.onLogRead(null, 1, sound, restarted.out);
        assertEquals(List.of(1L, 2L), restarted.out.appliedSlots());
    }

    /** The state machine is given no more than it has room for, and the rest once it has applied that. */
    @Test
    void slowStateMachineIsNotFlooded() {
        Bytes large = Lone.batch("x".repeat(60_000));
        for (long slot = 1; slot <= 4; slot++) {
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, 0, large));
        }
        lone.receive(2, new PaxosMessage.Chosen(OLD, 4));
        assertEquals(List.of(1L, 2L), out.appliedSlots());

        lone.core.onApplied(2);
        lone.turn();
        assertEquals(List.of(1L, 2L, 3L, 4L), out.appliedSlots());
    }

    /** What is chosen and no longer in memory is read from the log. */
    @Test
    void stateMachineThatLagsIsFedFromTheLog() {
        Bytes large = Lone.batch("x".repeat(600_000));
        for (long slot = 1; slot <= 3; slot++) {
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, 0, large));
        }
        lone.receive(2, new PaxosMessage.Chosen(OLD, 3));
        assertEquals(List.of(new Recorder.LogRead(null, 1, 3)), out.logReads);

        lone.core.onLogRead(null, 1, List.of(LogEntry.of(1, OLD, large), LogEntry.of(2, OLD, large)), out);
        lone.core.onApplied(2);
        lone.turn();
        assertEquals(List.of(1L, 2L, 3L), out.appliedSlots());
    }
}
