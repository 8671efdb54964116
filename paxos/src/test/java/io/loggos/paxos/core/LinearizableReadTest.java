package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.spi.LogEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads by read index, on the side that asks and on the leader's (rules.md 2.4, L-5 to L-8). */
class LinearizableReadTest {
    private static final Ballot LEADER = new Ballot(1, 2);

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    @Test
    void leaderReadsOnceAQuorumHasConfirmedItsBallot() {
        Ballot ballot = lone.leadAndChoose();
        read("a");
        PaxosMessage.Confirm confirm = lastConfirm();
        assertEquals(ballot, confirm.ballot());
        assertEquals(List.of(), out.readsRun);

        lone.receive(3, new PaxosMessage.Confirmed(ballot, confirm.round()));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** L-5: a new leader does not know yet what was chosen before it, until a batch of its own ballot is applied. */
    @Test
    void newLeaderReadsOnlyBehindItsFirstOwnBatch() {
        Ballot old = new Ballot(1, 2);
        Ballot ballot = lone.lead(LogEntry.of(1, old, Lone.batch("acknowledged")));
        read("a");
        lone.receive(3, new PaxosMessage.Confirmed(ballot, lastConfirm().round()));
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        assertEquals(List.of(1L), out.appliedSlots());
        assertEquals(List.of(), out.readsRun);

        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** L-6: the slot is taken when the read is registered: what is chosen later need not be waited for. */
    @Test
    void slotIsTakenAtRegistration() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(41));
        lone.propose("later");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round()));

        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(41, 1)), out.to(3, PaxosMessage.ReadIndexAnswer.class));
    }

    /** L-6: a read that comes while a round is out waits for the next: that round began before it. */
    @Test
    void readDoesNotJoinARoundThatIsOut() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(1));
        long first = lastConfirm().round();
        lone.receive(3, new PaxosMessage.ReadIndex(2));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first));
        assertEquals(1, out.to(3, PaxosMessage.ReadIndexAnswer.class).size());

        assertTrue(lastConfirm().round() > first);
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round()));
        assertEquals(2, out.to(3, PaxosMessage.ReadIndexAnswer.class).size());
    }

    /** L-6: a confirmation of an earlier round, or of another ballot, confirms nothing. */
    @Test
    void confirmationOfAnEarlierRoundDoesNotCount() {
        Ballot ballot = lone.leadAndChoose();
        read("a");
        long first = lastConfirm().round();
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first));
        read("b");
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first));
        lone.receive(2, new PaxosMessage.Confirmed(LEADER, lastConfirm().round()));

        assertEquals(List.of("a"), out.readsRun);
    }

    /** L-6: a round that nobody answers is followed by another, under a number of its own. */
    @Test
    void lateRoundIsAskedAgainAfresh() {
        Ballot ballot = lone.leadAndChoose();
        read("a");
        long first = lastConfirm().round();
        lone.tick(5 * Lone.LIMITS.heartbeatNanos());
        assertTrue(lastConfirm().round() > first);

        lone.receive(2, new PaxosMessage.Confirmed(ballot, first));
        assertEquals(List.of(), out.readsRun);
    }

    /** L-6: every attempt of the asking side has a nonce of its own; an answer to an earlier one answers nothing. */
    @Test
    void answerToAnEarlierAttemptDoesNotCount() {
        lone.follow(LEADER);
        read("a");
        PaxosMessage.ReadIndex first = lastAsked();
        lone.tick(3 * Lone.LIMITS.heartbeatNanos());
        PaxosMessage.ReadIndex second = lastAsked();
        assertTrue(second.nonce() > first.nonce());

        lone.receive(2, new PaxosMessage.ReadIndexAnswer(first.nonce(), 0));
        assertEquals(List.of(), out.readsRun);
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(second.nonce(), 0));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** A read that comes while an attempt is out does not share its answer. */
    @Test
    void readDoesNotJoinAnAttemptThatIsOut() {
        lone.follow(LEADER);
        read("a");
        PaxosMessage.ReadIndex first = lastAsked();
        read("b");
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(first.nonce(), 0));

        assertEquals(List.of("a"), out.readsRun);
        assertTrue(lastAsked().nonce() > first.nonce());
    }

    /** Any replica may serve it, once it has handed its state machine all that the leader said. */
    @Test
    void followerReadsOnceItHasAppliedTheSlot() {
        lone.follow(LEADER);
        lone.receive(2, new PaxosMessage.Accept(LEADER, 1, 0, Lone.batch("a")));
        read("a");
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(lastAsked().nonce(), 1));
        assertEquals(List.of(), out.readsRun);

        lone.receive(2, new PaxosMessage.Chosen(LEADER, 1));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** A leader that was deposed answers nobody: who asked asks again, somebody else. */
    @Test
    void deposedLeaderAnswersNobody() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(1));
        long round = lastConfirm().round();
        lone.receive(2, new PaxosMessage.Prepare(new Ballot(ballot.round() + 1, 2), 1));
        lone.receive(3, new PaxosMessage.Confirmed(ballot, round));

        assertEquals(List.of(), out.all(PaxosMessage.ReadIndexAnswer.class));
    }

    /** A confirmation says that nothing above the ballot is promised; where it is, the leader is told. */
    @Test
    void acceptorConfirmsOnlyTheBallotItHasPromised() {
        lone.receive(2, new PaxosMessage.Prepare(LEADER, 1));
        lone.receive(2, new PaxosMessage.Confirm(LEADER, 7));
        assertEquals(List.of(new PaxosMessage.Confirmed(LEADER, 7)), out.to(2, PaxosMessage.Confirmed.class));

        Ballot higher = new Ballot(2, 3);
        lone.receive(3, new PaxosMessage.Prepare(higher, 1));
        lone.receive(2, new PaxosMessage.Confirm(LEADER, 8));
        assertEquals(1, out.all(PaxosMessage.Confirmed.class).size());
        assertEquals(List.of(new PaxosMessage.Refused(LEADER, higher)), out.to(2, PaxosMessage.Refused.class));
    }

    /** L-8: a single node, too, reads only behind a batch of its own ballot. */
    @Test
    void singleNodeReadsBehindItsFirstOwnBatch() {
        Lone alone = new Lone(1);
        alone.stand();
        alone.core.read("a", alone.now());
        alone.turn();
        assertEquals(List.of(), alone.out.readsRun);

        alone.sync();
        assertEquals(List.of(1L), alone.out.appliedSlots());
        assertEquals(List.of("a"), alone.out.readsRun);
    }

    /** A neighbour of both asks for the one that is further from the leader, after it has asked, and tells it. */
    @Test
    void neighbourAsksForWhoIsFurtherAway() {
        lone.follow(LEADER);
        read("own");
        PaxosMessage.ReadIndex before = lastAsked();
        lone.receive(3, new PaxosMessage.ReadIndex(5));
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(before.nonce(), 0));
        assertEquals(List.of(), out.all(PaxosMessage.ReadIndexAnswer.class));

        assertTrue(lastAsked().nonce() > before.nonce());
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(lastAsked().nonce(), 9));
        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(5, 9)), out.to(3, PaxosMessage.ReadIndexAnswer.class));
        assertEquals(List.of("own"), out.readsRun);
    }

    @Test
    void readThatWaitsTooLongIsUnavailable() {
        lone.follow(LEADER);
        read("a");
        lone.connected = false;
        lone.tick(Lone.LIMITS.requestNanos());

        assertEquals(List.of(new Recorder.Failed("a", Effects.Failure.UNAVAILABLE)), out.failed);
    }

    private void read(String caller) {
        lone.core.read(caller, lone.now());
        lone.turn();
    }

    private PaxosMessage.Confirm lastConfirm() {
        List<PaxosMessage.Confirm> confirms = out.to(2, PaxosMessage.Confirm.class);
        return confirms.get(confirms.size() - 1);
    }

    private PaxosMessage.ReadIndex lastAsked() {
        List<PaxosMessage.ReadIndex> asked = out.to(2, PaxosMessage.ReadIndex.class);
        return asked.get(asked.size() - 1);
    }
}
