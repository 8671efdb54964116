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
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReplicaTimer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The proposer within a replica, whose peers the test plays (RULES.md P-1, P-5 to P-12). */
class ProposerTest {
    private static final NodeId PEER = NodeId.of(2);
    private static final Ballot OLD = new Ballot(1, 2);

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    /** RULES.md P-1: the prepare waits for this node's promise. */
    @Test
    void prepareWaitsForTheOwnPromise() {
        Ballot ballot = lone.campaign();

        assertEquals(List.of(new LogRecord.Promised(Lone.LOG, ballot)), out.writes);
        List<Recorder.Sent> prepares = out.sent.stream()
                .filter(sent -> sent.message() instanceof PaxosMessage.Prepare)
                .toList();
        assertEquals(2, prepares.size());
        assertTrue(prepares.stream().allMatch(sent -> sent.durable() && sent.after() == 1));
    }

    /** RULES.md P-1: the promises of others do not count before this node's promise is durable. */
    @Test
    void ownPromiseCountsOnlyOnceDurable() {
        Ballot ballot = lone.campaign();
        lone.receive(2, Lone.promise(ballot));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());

        lone.sync();
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());
    }

    /** RULES.md P-10: leadership is volatile. A new life takes a ballot above all that it can have used. */
    @Test
    void newLifeTakesANewBallot() {
        Ballot before = lone.lead();
        Lone next = new Lone(3, new RecoveredLog(before, 0, 1, List.of(), null), 0);

        assertTrue(next.campaign().isAbove(before));
    }

    /** RULES.md P-11: the accepts leave beside the local write, and the local vote counts once it comes back. */
    @Test
    void ownVoteCountsOnlyOnceDurable() {
        Ballot ballot = lone.lead();
        assertTrue(out.sent.stream()
                .filter(sent -> sent.message() instanceof PaxosMessage.Accept)
                .noneMatch(Recorder.Sent::durable));
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(0, lone.core.progress().chosenSlot());

        lone.sync();
        assertEquals(1, lone.core.progress().chosenSlot());
    }

    /** RULES.md F-19: a quorum of others suffices, because the leader's disk may be the slow one. */
    @Test
    void quorumWithoutTheLeaderSuffices() {
        Lone five = new Lone(5);
        Ballot ballot = five.campaign();
        five.sync();
        five.receive(2, Lone.promise(ballot));
        five.receive(3, Lone.promise(ballot));
        for (int peer = 2; peer <= 4; peer++) {
            five.receive(peer, new PaxosMessage.Accepted(ballot, 1));
        }

        assertEquals(1, five.core.progress().chosenSlot());
    }

    /** RULES.md P-8: a vote counts for its ballot and its slot only. */
    @Test
    void voteForAnotherBallotOrSlotDoesNotCount() {
        Ballot ballot = lone.lead();
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(OLD, 1));
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.receive(7, new PaxosMessage.Accepted(ballot, 1));

        assertEquals(0, lone.core.progress().chosenSlot());
    }

    /** RULES.md P-8, and P2c of the paper: values found in phase 1 are proposed unchanged in the new ballot. */
    @Test
    void foundValueIsProposedAgainUnchanged() {
        Bytes value = Lone.batch("found");
        Ballot ballot = lone.lead(LogEntry.of(1, OLD, value));

        assertEquals(new PaxosMessage.Accept(ballot, 1, 0, value), accepts().get(0));
        assertEquals(0, lone.core.progress().chosenSlot());
    }

    /** RULES.md P-7: a slot becomes a no-op if no node of a quorum has accepted it and a higher slot is accepted. */
    @Test
    void holeIsFilledByANoOp() {
        lone.lead(LogEntry.of(1, OLD, Lone.batch("a")), LogEntry.of(3, OLD, Lone.batch("c")));
        Batch hole = Batch.parse(accepts().get(1).batch());

        assertEquals(List.of(1L, 2L, 3L, 4L), slots());
        assertEquals(0, hole.count());
        assertEquals(0, hole.logTimeMillis());
    }

    /** RULES.md P-6: two values in one ballot halt the log. */
    @Test
    void conflictingPromisesHalt() {
        Bytes value = Lone.batch("one");
        Lone second = new Lone(3, new RecoveredLog(OLD, 0, 1, List.of(LogEntry.of(1, OLD, value)), null), 0);
        Ballot ballot = second.campaign();
        second.sync();
        second.receive(2, Lone.promise(ballot, LogEntry.of(1, OLD, Lone.batch("other"))));

        assertEquals(List.of("two values for slot 1 in ballot " + OLD), second.out.halts);
        assertFalse(second.core.progress().phase() == Proposer.Phase.LEADING);
    }

    /** RULES.md P-5: a slot that an acceptor has truncated is chosen. It is fetched and not proposed. */
    @Test
    void nothingIsProposedWhereAnAnswererHasTruncated() {
        Ballot ballot = lone.campaign();
        lone.sync();
        lone.receive(2, new PaxosMessage.Promise(ballot, 50, 40, 0, true, List.of()));
        assertEquals(List.of(51L), slots());
        assertEquals(List.of(new PaxosMessage.Learn(1)), out.to(2, PaxosMessage.Learn.class));

        lone.receive(2, new PaxosMessage.Learned(1, 50, 40, List.of()));
        assertEquals(List.of(new Recorder.Fetch(PEER, 1)), out.fetches);
    }

    /** RULES.md MP14: the number of open slots never exceeds the window. */
    @Test
    void windowIsKept() {
        Ballot ballot = lone.lead();
        for (int i = 0; i < 10; i++) {
            lone.propose("command " + i + "x".repeat(100));
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), slots());

        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), slots());
    }

    /** RULES.md O-12: the open slots fit a link's buffer twice. One slot is open in any case. */
    @Test
    void windowIsKeptInBytes() {
        Lone small = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.limits(4, 200, 128, 2_000, 1 << 20));
        Ballot ballot = small.lead();
        for (int i = 0; i < 10; i++) {
            small.propose("command " + i + "x".repeat(100));
        }
        assertEquals(List.of(1L, 2L, 3L), slots(small.out));

        small.sync();
        small.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(List.of(1L, 2L, 3L), slots(small.out));
        small.receive(2, new PaxosMessage.Accepted(ballot, 2));
        assertEquals(List.of(1L, 2L, 3L, 4L), slots(small.out));
    }

    /** RULES.md P-12: slots are accepted in any order. They are announced and applied in order. */
    @Test
    void slotsAreAppliedInOrder() {
        Ballot ballot = lone.lead();
        lone.propose("a" + "x".repeat(100));
        lone.propose("b" + "x".repeat(100));
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 3));
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        assertEquals(List.of(), out.appliedSlots());

        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(List.of(1L, 2L, 3L), out.appliedSlots());
    }

    /** Phase 3 rides on the next accept, or goes alone if there is none. */
    @Test
    void chosenIsToldOnce() {
        Ballot ballot = lone.lead();
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(List.of(new PaxosMessage.Chosen(ballot, 1)), out.to(2, PaxosMessage.Chosen.class));

        lone.applied(1);
        lone.propose("next");
        assertEquals(1, accepts().get(accepts().size() - 1).chosenThrough());
        assertEquals(1, out.to(2, PaxosMessage.Chosen.class).size());
    }

    /** Phase 3 waits a little for the next accept if no other node waits for it. */
    @Test
    void chosenGoesAloneOnlyAfterAWhile() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("mine");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        assertEquals(List.of(1L, 2L), out.appliedSlots());
        assertEquals(1, out.to(2, PaxosMessage.Chosen.class).size());

        lone.core.onTimer(ReplicaTimer.ANNOUNCE, lone.now(), out);
        assertEquals(
                new PaxosMessage.Chosen(ballot, 2),
                out.to(2, PaxosMessage.Chosen.class).get(1));
    }

    /** Commands that come during the local write share a batch. A full batch goes at once. */
    @Test
    void whatComesWhileTheDiskWritesSharesABatch() {
        lone.leadAndChoose();
        lone.propose("first");
        lone.propose("y".repeat(60));
        assertEquals(2, accepts().size());
        lone.propose("z".repeat(60));
        assertEquals(3, accepts().size());
        lone.propose("w");
        assertEquals(3, accepts().size());

        lone.sync();
        assertEquals(4, accepts().size());
    }

    /** A small batch waits until everything before it is applied. Most of the next callers have proposed by then. */
    @Test
    void aLittleWaitsForWhatIsBeingApplied() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("first");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.propose("a");
        assertEquals(2, accepts().size());

        lone.applied(2);
        assertEquals(3, accepts().size());
        assertEquals(List.of("a"), Lone.commands(accepts().get(2).batch()));
    }

    /** A state machine that hangs on this node must not stop the other nodes. */
    @Test
    void aLittleDoesNotWaitForEverForWhatIsBeingApplied() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("first");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.propose("a");
        lone.tick(Lone.LIMITS.heartbeatNanos());
        assertEquals(3, accepts().size());
    }

    /** A small batch waits for the callers that were answered last, because they are about to propose again. */
    @Test
    void aLittleWaitsForThoseWhoWereAnswered() {
        answerOneOfTwo();
        assertEquals(List.of(1L, 2L), slots());

        lone.propose("c");
        assertEquals(List.of(1L, 2L, 3L), slots());
        assertEquals(List.of("b", "c"), Lone.commands(accepts().get(2).batch()));
    }

    /** The callers need not come back. */
    @Test
    void aLittleDoesNotWaitForEverForThoseWhoWereAnswered() {
        answerOneOfTwo();
        long mostNanos = Lone.LIMITS.heartbeatNanos() / 10;
        assertEquals(lone.now() + mostNanos, out.timers.get(ReplicaTimer.BATCH_DELAY));

        lone.pass(mostNanos);
        lone.core.onTimer(ReplicaTimer.BATCH_DELAY, lone.now(), out);
        lone.turn();

        assertEquals(List.of(1L, 2L, 3L), slots());
        assertEquals(List.of("b"), Lone.commands(accepts().get(2).batch()));
    }

    private void answerOneOfTwo() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("a");
        lone.propose("b");
        lone.pass(400_000);
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.applied(2);
    }

    /** RULES.md L-8: a single leader, too, first has a batch of its ballot chosen by its disk. */
    @Test
    void singleNodeLeadsBehindItsOwnWrites() {
        Lone alone = new Lone(1);
        alone.campaign();
        assertEquals(Proposer.Phase.PREPARING, alone.core.progress().phase());
        alone.sync();

        assertEquals(List.of(1L), alone.out.appliedSlots());
        assertEquals(0, alone.out.applied.get(0).batch().count());
    }

    /** RULES.md F-17: a value that is damaged on the only disk is not invented. The log halts and names the slot. */
    @Test
    void singleNodeWithARottenChosenSlotHalts() {
        Lone alone = new Lone(1, new RecoveredLog(new Ballot(1, 1), 3, 1, List.of(), null), 0);
        assertEquals(List.of(new Recorder.LogRead(null, 1, 3)), alone.out.logReads);
        alone.core.onLogRead(
                null, 1, List.of(LogEntry.of(1, new Ballot(1, 1), Lone.batch("a")), LogEntry.faultyAt(2)), alone.out);
        alone.turn();
        alone.core.onLogRead(null, 2, List.of(LogEntry.faultyAt(2)), alone.out);

        assertEquals(List.of(1L), alone.out.appliedSlots());
        assertEquals(1, alone.out.halts.size());
        assertTrue(alone.out.halts.get(0).contains("slot 2"), alone.out.halts.get(0));
    }

    /** A leader that learns of a higher ballot steps down. Its queued commands wait for the next leader. */
    @Test
    void outbidLeaderStepsDown() {
        Ballot ballot = lone.lead();
        lone.receive(2, new PaxosMessage.Refused(ballot, new Ballot(ballot.round() + 1, 2)));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }

    /** Messages sent before a link reset may be lost. They are sent again, to that peer only. */
    @Test
    void openSlotsAreSaidAgainAfterALinkReset() {
        Ballot ballot = lone.lead();
        out.clearSent();
        lone.core.onOutgoingReset(PEER, out);

        assertEquals(
                List.of(1L),
                out.to(2, PaxosMessage.Accept.class).stream()
                        .map(PaxosMessage.Accept::slot)
                        .toList());
        assertEquals(ballot, out.to(2, PaxosMessage.Accept.class).get(0).ballot());
        assertEquals(List.of(), out.to(3, PaxosMessage.Accept.class));
    }

    private List<PaxosMessage.Accept> accepts() {
        return out.to(2, PaxosMessage.Accept.class);
    }

    private List<Long> slots() {
        return slots(out);
    }

    private static List<Long> slots(Recorder out) {
        return out.to(2, PaxosMessage.Accept.class).stream()
                .map(PaxosMessage.Accept::slot)
                .toList();
    }
}
