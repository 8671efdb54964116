package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The acceptor alone (<i>Paxos Made Simple</i>, section 2.2; RULES.md P-1, P-2, P-5 to P-8, P-12, P-13). */
class AcceptorTest {
    private static final int WINDOW = 4;
    private static final NodeId PEER = NodeId.of(2);
    private static final Ballot LOW = new Ballot(1, 2);
    private static final Ballot HIGH = new Ballot(2, 3);
    private static final Bytes A = Lone.batch("a");

    private final Recorder out = new Recorder();
    private final Acceptor acceptor = recovered(RecoveredLog.EMPTY);

    /** RULES.md P-1 and P-2: there is one record, and the answer waits for it. */
    @Test
    void promiseIsWrittenBeforeItIsAnswered() {
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);

        assertEquals(List.of(new LogRecord.Promised(Lone.LOG, LOW)), out.writes);
        assertEquals(List.of(new Recorder.Sent(PEER, Lone.promise(LOW), true, 1)), out.sent);
    }

    @Test
    void acceptIsWrittenBeforeItIsAnswered() {
        accept(LOW, 1, A);

        assertEquals(
                List.of(new LogRecord.Promised(Lone.LOG, LOW), new LogRecord.Accepted(Lone.LOG, 1, LOW, A)),
                out.writes);
        assertEquals(List.of(new Recorder.Sent(PEER, new PaxosMessage.Accepted(LOW, 1), true, 2)), out.sent);
    }

    /** Paper rule P1a: nothing below the promise is accepted, and the promise never falls. */
    @Test
    void nothingBelowThePromise() {
        acceptor.onPrepare(NodeId.of(3), new PaxosMessage.Prepare(HIGH, 1), 0, 1, out);
        out.clearSent();
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);
        assertFalse(accept(LOW, 1, A));

        assertEquals(HIGH, acceptor.promised());
        assertEquals(1, out.writes.size());
        assertEquals(
                List.of(new PaxosMessage.Refused(LOW, HIGH), new PaxosMessage.Refused(LOW, HIGH)),
                out.all(PaxosMessage.Refused.class));
    }

    /** RULES.md F-2: a duplicate is answered without a second write, but not before the first is durable. */
    @Test
    void duplicateIsAnsweredWithoutASecondWrite() {
        accept(LOW, 1, A);
        int written = out.writes.size();
        out.clearSent();

        assertTrue(accept(LOW, 1, A));
        assertEquals(written, out.writes.size());
        assertEquals(List.of(new Recorder.Sent(PEER, new PaxosMessage.Accepted(LOW, 1), true, 2)), out.sent);
    }

    /** RULES.md B-9: while the disk hangs, an accept that comes again does not add an answer that waits. */
    @Test
    void oneAnswerToEachAcceptWaits() {
        out.waiting = true;
        accept(LOW, 1, A);
        accept(LOW, 2, A);
        accept(LOW, 1, A);

        assertEquals(
                List.of(new PaxosMessage.Accepted(LOW, 2), new PaxosMessage.Accepted(LOW, 1)),
                out.all(PaxosMessage.Accepted.class));
    }

    /** RULES.md B-9: of the promises that wait, those of lower ballots and those that are repeated are of no use. */
    @Test
    void onlyTheLastPromiseWaits() {
        out.waiting = true;
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);
        acceptor.onPrepare(NodeId.of(3), new PaxosMessage.Prepare(HIGH, 1), 0, 1, out);

        assertEquals(List.of(Lone.promise(HIGH)), out.all(PaxosMessage.Promise.class));
    }

    @Test
    void repeatedPrepareIsAnsweredWithoutASecondWrite() {
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(LOW, 1), 0, 1, out);

        assertEquals(1, out.writes.size());
        assertEquals(2, out.all(PaxosMessage.Promise.class).size());
    }

    /** RULES.md P-8: an old vote does not count in the new ballot. The same value is accepted and written again. */
    @Test
    void higherBallotReplacesTheSameValue() {
        accept(LOW, 1, A);
        accept(HIGH, 1, A);

        assertEquals(HIGH, ballotAt(acceptor, 1));
        assertEquals(
                List.of(LOW, HIGH),
                out.written(LogRecord.Accepted.class).stream()
                        .map(LogRecord.Accepted::ballot)
                        .toList());
    }

    /** RULES.md P-6: two values in one ballot are impossible. The second is not accepted. */
    @Test
    void otherValueInTheSameBallotHalts() {
        accept(LOW, 7, A);
        out.clearSent();

        assertFalse(accept(LOW, 7, Lone.batch("other")));
        assertEquals(List.of("two values for slot 7 in ballot " + LOW), out.halts);
        assertEquals(List.of(), out.sent);
    }

    /** RULES.md P-12 and B-6: the number of open slots is bounded. A slot beyond the bound is refused and counted. */
    @Test
    void slotBeyondTheRoomIsIgnored() {
        assertTrue(accept(LOW, 4 * WINDOW, A));
        assertFalse(acceptor.hasRefused());
        assertFalse(accept(LOW, 4 * WINDOW + 1, A));

        assertNull(acceptor.accepted(4 * WINDOW + 1));
        assertTrue(acceptor.hasRefused());
        assertFalse(acceptor.hasRoomAgain(0));
        assertTrue(acceptor.hasRoomAgain(1));
        assertFalse(acceptor.hasRoomAgain(1));
    }

    /** RULES.md P-13 and B-6: an absurd round is dropped. */
    @Test
    void absurdBallotIsNotPlausible() {
        assertTrue(acceptor.plausible(new Ballot(Acceptor.MAX_ROUND_JUMP, 2)));
        assertFalse(acceptor.plausible(new Ballot(Acceptor.MAX_ROUND_JUMP + 1, 2)));
        assertFalse(acceptor.plausible(new Ballot(Long.MAX_VALUE, 2)));
    }

    /** Learned slots do not belong to the acceptor any more. */
    @Test
    void learnedSlotIsNotAcceptedAgain() {
        accept(LOW, 1, A);
        acceptor.learnedThrough(1);
        int written = out.writes.size();

        acceptor.onAccept(PEER, new PaxosMessage.Accept(LOW, 1, 0, A), 1, out);
        assertEquals(written, out.writes.size());
        assertNull(acceptor.accepted(1));
    }

    /** RULES.md F-3: a new life has the promise of the last one, or the highest ballot of an accepted value. */
    @Test
    void promiseSurvivesALife() {
        assertEquals(
                HIGH, recovered(new RecoveredLog(HIGH, 0, 1, List.of(), null)).promised());
        Acceptor second = recovered(new RecoveredLog(LOW, 0, 1, List.of(LogEntry.of(1, HIGH, A)), null));
        assertEquals(HIGH, second.promised());
        assertEquals(HIGH, ballotAt(second, 1));
    }

    /** RULES.md P-7 and MP20: a damaged record is reported as damaged, never as empty. */
    @Test
    void damagedRecordIsTold() {
        Acceptor damaged = recovered(new RecoveredLog(LOW, 0, 1, List.of(LogEntry.faultyAt(3)), null));
        damaged.onPrepare(PEER, new PaxosMessage.Prepare(HIGH, 1), 0, 1, out);

        assertNull(damaged.accepted(3));
        assertEquals(List.of(Lone.promise(HIGH, LogEntry.faultyAt(3))), out.all(PaxosMessage.Promise.class));
    }

    /** A new value replaces a damaged record. */
    @Test
    void damagedRecordIsReplaced() {
        Acceptor damaged = recovered(new RecoveredLog(LOW, 0, 1, List.of(LogEntry.faultyAt(3)), null));
        damaged.onAccept(PEER, new PaxosMessage.Accept(LOW, 3, 0, A), 0, out);

        assertEquals(List.of(new LogRecord.Accepted(Lone.LOG, 3, LOW, A)), out.writes);
        assertEquals(LOW, ballotAt(damaged, 3));
    }

    /** RULES.md P-5: a large promise goes in numbered parts. The last is marked, and says where the log begins. */
    @Test
    void largePromiseGoesInParts() {
        Bytes large = Lone.batch("x".repeat(600_000));
        for (long slot = 3; slot <= 5; slot++) {
            accept(LOW, slot, large);
        }
        acceptor.onPrepare(PEER, new PaxosMessage.Prepare(HIGH, 1), 2, 2, out);
        List<PaxosMessage.Promise> parts = out.all(PaxosMessage.Promise.class);

        assertEquals(
                List.of(0, 1, 2), parts.stream().map(PaxosMessage.Promise::part).toList());
        assertEquals(
                List.of(false, false, true),
                parts.stream().map(PaxosMessage.Promise::last).toList());
        assertTrue(parts.stream().allMatch(part -> part.truncatedBelow() == 2 && part.chosenThrough() == 2));
        assertEquals(
                List.of(3L, 4L, 5L),
                parts.stream()
                        .flatMap(part -> part.accepted().stream())
                        .map(LogEntry::slot)
                        .toList());
    }

    /** A proposer may not use a ballot that its acceptor has not promised. */
    @Test
    void ownProposalNeedsTheOwnPromise() {
        Ballot own = new Ballot(1, 1);

        assertThrows(IllegalStateException.class, () -> acceptor.acceptOwn(Lone.SELF, own, 1, A, out));
        acceptor.promiseOwn(own, out);
        acceptor.acceptOwn(Lone.SELF, own, 1, A, out);
        assertEquals(List.of(new Recorder.Sent(Lone.SELF, new PaxosMessage.Accepted(own, 1), true, 2)), out.sent);
        assertThrows(IllegalStateException.class, () -> acceptor.promiseOwn(own, out));
    }

    /** Tells if an accept is answered with an accepted message. */
    private boolean accept(Ballot ballot, long slot, Bytes value) {
        int before = out.all(PaxosMessage.Accepted.class).size();
        acceptor.onAccept(PEER, new PaxosMessage.Accept(ballot, slot, 0, value), 0, out);
        return out.all(PaxosMessage.Accepted.class).size() > before;
    }

    private static Ballot ballotAt(Acceptor acceptor, long slot) {
        LogEntry entry = acceptor.accepted(slot);
        return entry == null ? Ballot.ZERO : entry.ballot();
    }

    private Acceptor recovered(RecoveredLog log) {
        return new Acceptor(Lone.LOG, Lone.LIMITS, OpenedLog.of(Lone.LOG, log, 0, null), out);
    }
}
