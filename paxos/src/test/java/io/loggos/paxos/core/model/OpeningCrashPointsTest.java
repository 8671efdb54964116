package io.loggos.paxos.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Recorder;
import io.loggos.storage.testkit.MemoryAcceptorLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * All crash points of a life that installs a checkpoint, takes checkpoints of its own, truncates and is closed.
 *
 * <p>The log and the checkpoints become durable independently of each other, the log's writes in their order. So a crash
 * after any step may leave any number of the writes so far, those that are still in the queue of a slow disk being lost,
 * beside the newest checkpoint of that moment. From each such disk a next life opens the log, and a third one if it
 * crashes again before or after its own first writes. Each life is asked for everything, and is judged by what all nodes
 * together know to be chosen (RULES.md O-1).
 */
class OpeningCrashPointsTest {
    private static final int VOTERS = 5;
    private static final Ballot STALE = new Ballot(1, 2);
    private static final Ballot RIGHT = new Ballot(2, 3);
    private static final Ballot HIGH = new Ballot(1_000, 4);
    private static final long LAST_SLOT = 60;

    /** A moment of the first life: the records written so far, the newest checkpoint, and the messages so far. */
    private record Moment(String after, int records, long checkpoint, int sent) {}

    private final List<Moment> moments = new ArrayList<>();
    private final Lone first = new Lone(VOTERS);
    private long checkpoint;
    private int points;

    private static Bytes chosen(long slot) {
        return Lone.batch("chosen " + slot);
    }

    private static Bytes neverChosen(long slot) {
        return Lone.batch("stale " + slot);
    }

    private void moment(String after) {
        moments.add(new Moment(after, first.out.writes.size(), checkpoint, first.out.sent.size()));
    }

    private void accept(int from, Ballot ballot, long slot, long chosenThrough, Bytes value) {
        first.receive(from, new PaxosMessage.Accept(ballot, slot, chosenThrough, value));
        moment("accept of slot " + slot);
    }

    private void learn(long from, long through) {
        List<LogEntry> entries = new ArrayList<>();
        for (long slot = from; slot <= through; slot++) {
            entries.add(LogEntry.of(slot, RIGHT, chosen(slot)));
        }
        first.receive(3, new PaxosMessage.Learned(from, through, 1, entries));
        moment("learned through " + through);
    }

    private void life() {
        moment("start");
        accept(2, STALE, 1, 0, chosen(1));
        accept(2, STALE, 2, 1, chosen(2));
        accept(2, STALE, 3, 2, neverChosen(3));
        accept(2, STALE, 4, 2, neverChosen(4));
        // Another leader has had other values chosen, and they are truncated everywhere.
        first.receive(3, new PaxosMessage.Prepare(RIGHT, 3));
        moment("promise");
        accept(3, RIGHT, 14, 10, chosen(14));
        first.receive(3, new PaxosMessage.Learned(3, 12, 11, List.of()));
        moment("fetch begins");
        checkpoint = 12;
        moment("fetched checkpoint durable");
        first.core.onCheckpointInstalled(12, null, 0, first.out);
        first.turn();
        moment("fetched checkpoint installed");
        learn(13, 13);
        accept(3, RIGHT, 15, 14, chosen(15));
        accept(3, RIGHT, 16, 15, chosen(16));
        first.applied(15);
        checkpoint = 15;
        moment("own checkpoint durable");
        first.core.onCheckpoint(15, 12, first.out);
        first.turn();
        moment("own checkpoint known");
        first.receive(3, new PaxosMessage.Chosen(RIGHT, 30));
        moment("behind again");
        learn(17, 22);
        learn(23, 30);
        first.applied(30);
        checkpoint = 30;
        moment("own checkpoint durable, ahead of learned records");
        first.core.onCheckpoint(30, 15, first.out);
        first.turn();
        moment("truncation");
        accept(3, RIGHT, 31, 30, chosen(31));
        accept(3, RIGHT, 33, 30, neverChosen(33));
        first.core.retire(0, first.out);
        moment("closed");
    }

    @Test
    void everyLifeServesOnlyWhatIsChosenAndForgetsNothing() {
        life();
        assertTrue(first.out.halts.isEmpty());
        assertEquals(1, first.out.fetches.size());
        for (Moment moment : moments) {
            // The records of a turn are one write, so a moment is a place where the disk may have stopped.
            TreeSet<Integer> stops = new TreeSet<>(Set.of(0));
            moments.forEach(earlier -> stops.add(Math.min(earlier.records, moment.records)));
            stops.forEach(records -> crash(moment, records));
        }
        System.out.println(points + " crash points of opening");
        assertTrue(points > 300, "only " + points + " crash points");
    }

    private MemoryAcceptorLog diskWith(int records) {
        MemoryAcceptorLog disk = new MemoryAcceptorLog(1);
        disk.write(first.out.writes.subList(0, records));
        disk.reopen();
        return disk;
    }

    /** Opens the log, crashes at each point of the opening, and opens it once more. */
    private void crash(Moment moment, int records) {
        String point = moment.after + ", " + records + " of " + moment.records + " records on disk";
        OpenedLog opened = OpenedLog.of(Lone.LOG, diskWith(records).recover(Lone.LOG), moment.checkpoint, null);
        keepsItsWord(point, opened, moment, records);
        for (int kept = 0; kept <= opened.firstWrites().size(); kept++) {
            points++;
            MemoryAcceptorLog disk = diskWith(records);
            disk.write(opened.firstWrites().subList(0, kept));
            disk.reopen();
            OpenedLog again = OpenedLog.of(Lone.LOG, disk.recover(Lone.LOG), moment.checkpoint, null);
            assertEquals(opened.through(), again.through(), point);
            assertEquals(opened.truncatedBelow(), again.truncatedBelow(), point);
            assertEquals(opened.open(), again.open(), point);
            disk.write(again.firstWrites());
            isAsked(point + ", again with " + kept, disk, moment.checkpoint);
        }
    }

    /** Promises and votes that were answered after their write are still there. */
    private void keepsItsWord(String point, OpenedLog opened, Moment moment, int records) {
        for (Recorder.Sent sent : first.out.sent.subList(0, moment.sent)) {
            if (!sent.durable() || sent.after() > records) {
                continue;
            }
            if (sent.message() instanceof PaxosMessage.Promise promise) {
                assertTrue(!opened.promised().isBelow(promise.ballot()), point);
            } else if (sent.message() instanceof PaxosMessage.Accepted accepted) {
                assertTrue(!opened.promised().isBelow(accepted.ballot()), point);
                boolean there = accepted.slot() <= opened.through()
                        || opened.open().stream()
                                .anyMatch(entry -> entry.slot() == accepted.slot()
                                        && !entry.ballot().isBelow(accepted.ballot()));
                assertTrue(there, () -> point + ": the vote for slot " + accepted.slot() + " is forgotten");
            }
        }
    }

    /** Asks a life for every slot, and for a promise. */
    private static void isAsked(String point, MemoryAcceptorLog disk, long checkpoint) {
        RecoveredLog recovered = disk.recover(Lone.LOG);
        Lone life = new Lone(VOTERS, 2, recovered, checkpoint);
        Recorder out = life.out;
        for (int read = 0; read < out.logReads.size(); read++) {
            answerRead(life, disk, out.logReads.get(read));
        }
        for (long slot = 1; slot <= LAST_SLOT; slot++) {
            int reads = out.logReads.size();
            life.receive(5, new PaxosMessage.Learn(slot));
            for (int read = reads; read < out.logReads.size(); read++) {
                answerRead(life, disk, out.logReads.get(read));
            }
        }
        for (PaxosMessage.Learned learned : out.to(5, PaxosMessage.Learned.class)) {
            for (LogEntry entry : learned.entries()) {
                assertEquals(chosen(entry.slot()), entry.value(), () -> point + ": serves slot " + entry.slot());
            }
        }
        out.applied.forEach(
                applied -> assertEquals(chosen(applied.slot()), applied.batch().bytes(), point));
        assertTrue(!out.notes.contains(PaxosEvent.REPAIRS_SLOT), () -> point + ": repairs a slot");
        assertTrue(out.halts.isEmpty(), () -> point + ": " + out.halts);

        life.receive(4, new PaxosMessage.Prepare(HIGH, 1));
        List<PaxosMessage.Promise> promises = out.to(4, PaxosMessage.Promise.class);
        assertEquals(1, promises.size(), () -> point + ": promises nothing");
        PaxosMessage.Promise promise = promises.get(0);
        long through = promise.chosenThrough();
        assertTrue(through >= Math.max(checkpoint, recovered.chosenThrough()) && through <= 30, point);
        assertEquals(
                recovered.open().stream()
                        .filter(entry -> entry.slot() > through)
                        .toList(),
                promise.accepted(),
                point);
    }

    private static void answerRead(Lone life, MemoryAcceptorLog disk, Recorder.LogRead read) {
        NodeId requester = read.requester();
        List<LogEntry> entries = disk.read(Lone.LOG, read.fromSlot(), read.throughSlot(), 1 << 20);
        life.core.onLogRead(requester, read.fromSlot(), entries, life.out);
        life.turn();
    }
}
