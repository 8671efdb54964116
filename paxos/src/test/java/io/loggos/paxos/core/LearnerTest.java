package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Learning of chosen slots (<i>Paxos Made Simple</i>, section 2.3), and fetching of missed values. */
class LearnerTest {
    private static final NodeId TWO = NodeId.of(2);
    private static final Ballot OLD = new Ballot(1, 2);
    private static final Ballot NEW = new Ballot(2, 3);
    private static final Bytes A = Lone.batch("a");
    private static final Bytes B = Lone.batch("b");

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    /** Phase 3, on the next accept or in a message of its own. */
    @Test
    void acceptedValueOfTheSameBallotIsChosen() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 1, A));
        assertEquals(List.of(1L), out.appliedSlots());

        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        assertEquals(List.of(1L, 2L), out.appliedSlots());
    }

    /** RULES.md P-9: a value accepted in an older ballot need not be the chosen one, so it is fetched. */
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

    /** Only the owner of a ballot may announce chosen slots in it. */
    @Test
    void newsInTheNameOfAnotherAreIgnored() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(3, new PaxosMessage.Chosen(OLD, 1));

        assertEquals(List.of(), out.appliedSlots());
    }

    /** RULES.md O-6: a peer has one read of the log at a time. Of the questions that it asks meanwhile the last counts. */
    @Test
    void peerHasOneReadOfTheLogAtATime() {
        Lone behind = new Lone(3, new RecoveredLog(OLD, 20, 1, List.of(), null), 0);
        behind.out.logReads.clear();
        for (int i = 0; i < 10_000; i++) {
            behind.receive(2, new PaxosMessage.Learn(1 + i % 7));
            behind.receive(3, new PaxosMessage.Learn(9));
        }
        assertEquals(
                List.of(new Recorder.LogRead(TWO, 1, 20), new Recorder.LogRead(NodeId.of(3), 9, 20)),
                behind.out.logReads);

        behind.core.onLogRead(TWO, 1, List.of(LogEntry.of(1, OLD, A)), behind.out);
        assertEquals(new Recorder.LogRead(TWO, 1 + 9_999 % 7, 20), behind.out.logReads.get(2));
        behind.core.onLogRead(NodeId.of(3), 9, List.of(LogEntry.of(9, OLD, A)), behind.out);
        assertEquals(3, behind.out.logReads.size());
        assertEquals(1, behind.out.to(3, PaxosMessage.Learned.class).size());
    }

    /** An idle replica writes the last chosen slot behind the values, without a sync. */
    @Test
    void chosenThroughIsWrittenAfterTheValues() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        assertEquals(new LogRecord.Accepted(Lone.LOG, 1, OLD, A), out.writes.get(out.writes.size() - 1));

        lone.tick(Lone.LIMITS.heartbeatNanos());
        assertEquals(new LogRecord.ChosenThrough(Lone.LOG, 1), out.writes.get(out.writes.size() - 1));
    }

    /**
     * A busy replica writes the last chosen slot now and then, together with an accept. A write for each slot costs
     * more.
     */
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

    /** RULES.md O-12: large values make that write come earlier, since a promise carries what the disk does not know. */
    @Test
    void chosenThroughIsWrittenEarlierBehindLargeValues() {
        Lone small = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.limits(64, A.size(), 128, 2_000, 1 << 20));
        for (int slot = 1; slot <= 3; slot++) {
            small.receive(2, new PaxosMessage.Accept(OLD, slot, slot - 1, A));
        }
        assertTrue(small.out.writes.contains(new LogRecord.ChosenThrough(Lone.LOG, 2)));
    }

    /** The memory for chosen entries of many logs is bounded. The share of each shrinks, and the disk has the rest. */
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

    /** A missing chosen slot is fetched, and the later slots wait for it. */
    @Test
    void gapIsFetched() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        assertEquals(List.of(), out.appliedSlots());
        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(2, PaxosMessage.Learn.class));

        lone.receive(2, new PaxosMessage.Learned(1, 2, 1, List.of(LogEntry.of(1, OLD, B), LogEntry.of(2, OLD, A))));
        assertEquals(List.of(1L, 2L), out.appliedSlots());
    }

    /** An answer counts for its question only. A late answer to an earlier question is ignored. */
    @Test
    void answerToAnotherQuestionIsIgnored() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 2));
        lone.receive(2, new PaxosMessage.Learned(2, 2, 1, List.of(LogEntry.of(2, OLD, B))));

        assertEquals(List.of(), out.appliedSlots());
    }

    /** Another peer is asked if the first does not answer. */
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

    /** The answer ends at the first gap or damaged record. */
    @Test
    void peersAreAnsweredFromTheDisk() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 9, 4, List.of(), null), 9);
        restarted.receive(3, new PaxosMessage.Learn(5));
        assertEquals(List.of(new Recorder.LogRead(NodeId.of(3), 5, 9)), restarted.out.logReads);

        List<LogEntry> read =
                List.of(LogEntry.of(5, OLD, A), LogEntry.of(6, OLD, B), LogEntry.faultyAt(7), LogEntry.of(8, OLD, A));
        restarted.core.onLogRead(NodeId.of(3), 5, read, restarted.out);
        assertEquals(
                List.of(new PaxosMessage.Learned(5, 9, 4, read.subList(0, 2))),
                restarted.out.to(3, PaxosMessage.Learned.class));
    }

    /** A request for a truncated slot is answered with the begin of the log. The asking node fetches a checkpoint. */
    @Test
    void truncatedSlotIsAnsweredWithWhereTheLogBegins() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 9, 4, List.of(), null), 9);
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

    /** The checkpoint is fetched from another peer, after a pause, if it does not come. */
    @Test
    void missedCheckpointIsFetchedFromAnother() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 4, List.of()));
        lone.core.onCheckpointMissed(false, lone.now());
        lone.tick(Lone.LIMITS.heartbeatNanos());

        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(3, PaxosMessage.Learn.class));
    }

    /** RULES.md O-8: a checkpoint that does not come is asked for again at growing distances, not at once. */
    @Test
    void missedCheckpointIsNotAskedForAgainWithoutAPause() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        long begin = lone.now();
        int attempts = 0;
        while (lone.now() - begin < 100 * Lone.LIMITS.electionNanos()) {
            int fetches = out.fetches.size();
            int asked = out.all(PaxosMessage.Learn.class).size();
            for (int peer : List.of(2, 3, 2, 3)) {
                lone.receive(peer, new PaxosMessage.Learned(1, 9, 4, List.of()));
                if (out.fetches.size() > fetches) {
                    fetches = out.fetches.size();
                    attempts++;
                    lone.core.onCheckpointMissed(false, lone.now());
                    lone.turn();
                }
            }
            assertTrue(out.all(PaxosMessage.Learn.class).size() <= asked + 1, "asks again at once");
            lone.tick(Lone.LIMITS.heartbeatNanos());
        }
        assertTrue(attempts >= 50 && attempts <= 130, attempts + " attempts in 100 election timeouts");
    }

    /** A transfer that was interrupted goes on at the same node. */
    @Test
    void checkpointOfWhichAPartCameIsAskedForAtTheSameNode() {
        lone.receive(2, new PaxosMessage.Chosen(OLD, 9));
        lone.receive(2, new PaxosMessage.Learned(1, 9, 4, List.of()));
        out.clearSent();
        lone.core.onCheckpointMissed(true, lone.now());
        lone.tick(Lone.LIMITS.heartbeatNanos());

        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(2, PaxosMessage.Learn.class));
        assertEquals(List.of(), out.to(3, PaxosMessage.Learn.class));
    }

    /** RULES.md C-3: a checkpoint advances the state. The promise and the values accepted above it stay. */
    @Test
    void installedCheckpointKeepsPromiseAndAccepted() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 5, 0, A));
        lone.receive(2, new PaxosMessage.Accept(OLD, 4, 0, B));
        lone.core.onCheckpointInstalled(4, null, 0, out);
        lone.turn();
        lone.receive(3, new PaxosMessage.Prepare(NEW, 1));

        assertEquals(4, lone.core.progress().chosenSlot());
        assertEquals(
                List.of(new PaxosMessage.Promise(NEW, 4, 5, 0, true, List.of(LogEntry.of(5, OLD, A)))),
                out.to(3, PaxosMessage.Promise.class));
        assertEquals(List.of(new LogRecord.TruncatedBelow(Lone.LOG, 5)), out.written(LogRecord.TruncatedBelow.class));
    }

    /** A read that a checkpoint has overtaken proves nothing about the slots behind the checkpoint. */
    @Test
    void readOfEarlierSlotsRepairsNothing() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 5, 1, List.of(), null), 0);
        assertEquals(List.of(new Recorder.LogRead(null, 1, 5)), restarted.out.logReads);
        restarted.core.onCheckpointInstalled(9, null, 0, restarted.out);
        Bytes large = Lone.batch("x".repeat(60_000));
        for (long slot = 10; slot <= 12; slot++) {
            restarted.receive(2, new PaxosMessage.Accept(OLD, slot, 9, large));
        }
        restarted.receive(2, new PaxosMessage.Chosen(OLD, 12));
        assertEquals(List.of(10L, 11L), restarted.out.appliedSlots());

        restarted.core.onLogRead(null, 1, List.of(), restarted.out);
        restarted.turn();
        assertEquals(List.of(), restarted.out.notes);
    }

    /** A checkpoint at or below the applied slot leaves the progress of the state machine. */
    @Test
    void oldCheckpointDoesNotMoveTheStateMachine() {
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, A));
        lone.receive(2, new PaxosMessage.Chosen(OLD, 1));
        lone.core.onCheckpointInstalled(1, null, 0, out);
        lone.turn();

        assertEquals(List.of(1L), out.appliedSlots());
    }

    /** RULES.md C-2: the log begins behind the checkpoint before the last, less the slots kept for slow peers. */
    @Test
    void truncationStaysBehindTheCheckpoint() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 20, 1, List.of(), null), 20);
        restarted.core.onCheckpoint(20, 19, restarted.out);
        restarted.core.onCheckpoint(20, 10, restarted.out);

        assertEquals(
                List.of(new LogRecord.TruncatedBelow(Lone.LOG, 19)),
                restarted.out.written(LogRecord.TruncatedBelow.class));
    }

    /** RULES.md F-12: a damaged record of a chosen slot is fetched from a sound node. */
    @Test
    void rottenChosenSlotIsFetched() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 2, 1, List.of(), null), 0);
        restarted.core.onLogRead(null, 1, List.of(LogEntry.faultyAt(1)), restarted.out);
        restarted.turn();
        PaxosMessage.Learned answer = new PaxosMessage.Learned(1, 2, 1, List.of(LogEntry.of(1, OLD, A)));
        restarted.receive(2, answer);
        assertTrue(restarted.out.writes.contains(new LogRecord.Learned(Lone.LOG, 1, OLD, A)));

        List<LogEntry> sound = List.of(LogEntry.of(1, OLD, A), LogEntry.of(2, OLD, B));
        restarted.core.onLogRead(null, 1, sound, restarted.out);
        assertEquals(List.of(1L, 2L), restarted.out.appliedSlots());
    }

    /**
     * A damaged slot that a checkpoint here covers need not be fetched. Perhaps no peer has it any more, and a replica
     * that repairs promises nothing.
     */
    @Test
    void damagedSlotBelowTheOwnCheckpointEndsTheLogThere() {
        Lone restarted = new Lone(3, new RecoveredLog(OLD, 9, 1, List.of(), null), 7);
        restarted.receive(2, new PaxosMessage.Learn(3));
        restarted.core.onLogRead(TWO, 3, List.of(LogEntry.faultyAt(3), LogEntry.of(4, OLD, A)), restarted.out);
        restarted.turn();
        assertEquals(
                List.of(new PaxosMessage.Learned(3, 9, 8, List.of())), restarted.out.to(2, PaxosMessage.Learned.class));
        assertEquals(
                List.of(new LogRecord.TruncatedBelow(Lone.LOG, 8)),
                restarted.out.written(LogRecord.TruncatedBelow.class));

        restarted.receive(3, new PaxosMessage.Prepare(NEW, 1));
        assertEquals(1, restarted.out.to(3, PaxosMessage.Promise.class).size());
    }

    /** The state machine receives only as much as it has room for, and the rest after it has applied that. */
    @Test
    void slowStateMachineIsNotFlooded() {
        Bytes large = Lone.batch("x".repeat(60_000));
        for (long slot = 1; slot <= 4; slot++) {
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, 0, large));
        }
        lone.receive(2, new PaxosMessage.Chosen(OLD, 4));
        assertEquals(List.of(1L, 2L), out.appliedSlots());

        lone.applied(2);
        assertEquals(List.of(1L, 2L, 3L, 4L), out.appliedSlots());
    }

    /** Chosen batches that are not in memory any more are read from the log. */
    @Test
    void stateMachineThatLagsIsFedFromTheLog() {
        Bytes large = Lone.batch("x".repeat(600_000));
        for (long slot = 1; slot <= 3; slot++) {
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, 0, large));
        }
        lone.receive(2, new PaxosMessage.Chosen(OLD, 3));
        assertEquals(List.of(new Recorder.LogRead(null, 1, 3)), out.logReads);

        lone.core.onLogRead(null, 1, List.of(LogEntry.of(1, OLD, large), LogEntry.of(2, OLD, large)), out);
        lone.applied(2);
        assertEquals(List.of(1L, 2L, 3L), out.appliedSlots());
    }
}
