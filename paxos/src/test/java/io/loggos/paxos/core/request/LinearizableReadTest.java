package io.loggos.paxos.core.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads by read index, on the asking side and on the leader's (RULES.md L-5, L-6, L-8). */
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

        lone.receive(3, new PaxosMessage.Confirmed(ballot, confirm.round(), false));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** RULES.md L-5: a new leader does not know what was chosen earlier until a batch of its ballot is applied. */
    @Test
    void newLeaderReadsOnlyBehindItsFirstOwnBatch() {
        Ballot old = new Ballot(1, 2);
        Ballot ballot = lone.lead(LogEntry.of(1, old, Lone.batch("acknowledged")));
        read("a");
        confirmAll(ballot);
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        confirmAll(ballot);
        assertEquals(List.of(1L), out.appliedSlots());
        assertEquals(List.of(), out.readsRun);

        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        confirmAll(ballot);
        assertEquals(List.of("a"), out.readsRun);
    }

    /**
     * RULES.md L-5: a slot that is not chosen may never be, if its leader is deposed. A node that was told to wait for
     * it would wait with all later reads.
     */
    @Test
    void newLeaderNamesNoSlotThatIsNotChosen() {
        Ballot ballot = lone.lead(LogEntry.of(1, new Ballot(1, 2), Lone.batch("acknowledged")));
        lone.receive(3, new PaxosMessage.ReadIndex(41, false));
        confirmAll(ballot);
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        confirmAll(ballot);
        assertEquals(List.of(), out.to(3, PaxosMessage.ReadIndexAnswer.class));

        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        confirmAll(ballot);
        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(41, 2)), out.to(3, PaxosMessage.ReadIndexAnswer.class));
    }

    /** A node that asks again and again holds one read at the leader. */
    @Test
    void onlyTheLastAttemptOfANodeIsAnswered() {
        Ballot ballot = lone.lead(LogEntry.of(1, new Ballot(1, 2), Lone.batch("acknowledged")));
        for (int nonce = 1; nonce <= 10; nonce++) {
            lone.receive(3, new PaxosMessage.ReadIndex(nonce, false));
        }
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 1));
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        confirmAll(ballot);
        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(10, 2)), out.to(3, PaxosMessage.ReadIndexAnswer.class));
    }

    /** RULES.md L-6: the slot is taken at registration. The read need not wait for slots that are chosen later. */
    @Test
    void slotIsTakenAtRegistration() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(41, false));
        lone.propose("later");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round(), false));

        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(41, 1)), out.to(3, PaxosMessage.ReadIndexAnswer.class));
    }

    /** RULES.md L-6: a read that comes during a round waits for the next one, because that round began earlier. */
    @Test
    void readDoesNotJoinARoundThatIsOut() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(1, false));
        long first = lastConfirm().round();
        lone.receive(3, new PaxosMessage.ReadIndex(2, false));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first, false));
        assertEquals(1, out.to(3, PaxosMessage.ReadIndexAnswer.class).size());

        assertTrue(lastConfirm().round() > first);
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round(), false));
        assertEquals(2, out.to(3, PaxosMessage.ReadIndexAnswer.class).size());
    }

    /** RULES.md L-6: a confirmation of an earlier round, or of another ballot, has no effect. */
    @Test
    void confirmationOfAnEarlierRoundDoesNotCount() {
        Ballot ballot = lone.leadAndChoose();
        read("a");
        long first = lastConfirm().round();
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first, false));
        read("b");
        lone.receive(2, new PaxosMessage.Confirmed(ballot, first, false));
        lone.receive(2, new PaxosMessage.Confirmed(LEADER, lastConfirm().round(), false));

        assertEquals(List.of("a"), out.readsRun);
    }

    /** A round trip may be longer than the pause between two questions: any answer to the round counts (RULES.md L-6). */
    @Test
    void lateRoundIsAskedAgainAndAnyAnswerCounts() {
        Ballot ballot = lone.leadAndChoose();
        read("a");
        long round = lastConfirm().round();
        int asked = out.to(2, PaxosMessage.Confirm.class).size();
        read("b");
        lone.tick(5 * Lone.LIMITS.heartbeatNanos());
        assertEquals(round, lastConfirm().round());
        assertTrue(out.to(2, PaxosMessage.Confirm.class).size() > asked);

        lone.receive(2, new PaxosMessage.Confirmed(ballot, round, false));
        assertEquals(List.of("a"), out.readsRun);
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round(), false));
        assertEquals(List.of("a", "b"), out.readsRun);
    }

    /** The same on the asking side. Reads that came meanwhile are no part of it. */
    @Test
    void lateAttemptIsAskedAgainAndAnyAnswerCounts() {
        lone.follow(LEADER);
        read("a");
        PaxosMessage.ReadIndex first = lastAsked();
        read("b");
        lone.tick(3 * Lone.LIMITS.heartbeatNanos());
        assertEquals(2, out.to(2, PaxosMessage.ReadIndex.class).size());
        assertEquals(first, lastAsked());

        lone.receive(2, new PaxosMessage.ReadIndexAnswer(first.nonce(), 0));
        assertEquals(List.of("a"), out.readsRun);
        assertTrue(lastAsked().nonce() > first.nonce());
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(first.nonce(), 0));
        assertEquals(List.of("a"), out.readsRun);
    }

    /** RULES.md L-6: another leader is asked by an attempt of its own, which has the reads that came meanwhile, too. */
    @Test
    void answerToAnEarlierAttemptDoesNotCount() {
        lone.follow(LEADER);
        read("a");
        PaxosMessage.ReadIndex first = lastAsked();
        read("b");
        lone.follow(new Ballot(2, 2));
        lone.turn();
        PaxosMessage.ReadIndex second = lastAsked();
        assertTrue(second.nonce() > first.nonce());

        lone.receive(2, new PaxosMessage.ReadIndexAnswer(first.nonce(), 0));
        assertEquals(List.of(), out.readsRun);
        lone.receive(2, new PaxosMessage.ReadIndexAnswer(second.nonce(), 0));
        assertEquals(List.of("a", "b"), out.readsRun);
    }

    /** A question that comes again during its round waits for no other one. */
    @Test
    void repeatedQuestionIsAnsweredOnce() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(1, false));
        lone.receive(3, new PaxosMessage.ReadIndex(1, false));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round(), false));
        lone.receive(2, new PaxosMessage.Confirmed(ballot, lastConfirm().round(), false));

        assertEquals(1, out.to(3, PaxosMessage.ReadIndexAnswer.class).size());
    }

    /** A read that comes during an attempt does not share its answer. */
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

    /** Any replica may serve a read, once its state machine was given all slots that the leader named. */
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

    /** A deposed leader answers no reads. The asking node asks another leader. */
    @Test
    void deposedLeaderAnswersNobody() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, new PaxosMessage.ReadIndex(1, false));
        long round = lastConfirm().round();
        lone.receive(2, new PaxosMessage.Prepare(new Ballot(ballot.round() + 1, 2), 1));
        lone.receive(3, new PaxosMessage.Confirmed(ballot, round, false));

        assertEquals(List.of(), out.all(PaxosMessage.ReadIndexAnswer.class));
    }

    /** A confirmation says that no ballot above it is promised. If one is promised, the leader is told. */
    @Test
    void acceptorConfirmsOnlyTheBallotItHasPromised() {
        lone.receive(2, new PaxosMessage.Prepare(LEADER, 1));
        lone.receive(2, new PaxosMessage.Confirm(LEADER, 7, 0));
        assertEquals(List.of(new PaxosMessage.Confirmed(LEADER, 7, false)), out.to(2, PaxosMessage.Confirmed.class));

        Ballot higher = new Ballot(2, 3);
        lone.receive(3, new PaxosMessage.Prepare(higher, 1));
        lone.receive(2, new PaxosMessage.Confirm(LEADER, 8, 0));
        assertEquals(1, out.all(PaxosMessage.Confirmed.class).size());
        assertEquals(List.of(new PaxosMessage.Refused(LEADER, higher)), out.to(2, PaxosMessage.Refused.class));
    }

    /** RULES.md L-8: a single node, too, reads only behind a batch of its ballot. */
    @Test
    void singleNodeReadsBehindItsFirstOwnBatch() {
        Lone alone = new Lone(1);
        alone.campaign();
        alone.read("a");
        alone.turn();
        assertEquals(List.of(), alone.out.readsRun);

        alone.sync();
        assertEquals(List.of(1L), alone.out.appliedSlots());
        assertEquals(List.of("a"), alone.out.readsRun);
    }

    /**
     * A neighbour of both asks the leader on behalf of a node that has no contact with it, and passes the answer on.
     */
    @Test
    void neighbourAsksForWhoIsFurtherAway() {
        lone.follow(LEADER);
        read("own");
        PaxosMessage.ReadIndex before = lastAsked();
        lone.receive(3, new PaxosMessage.ReadIndex(5, false));
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
        lone.read(caller);
        lone.turn();
    }

    /** Lets node 3 confirm every round so far. */
    private void confirmAll(Ballot ballot) {
        for (PaxosMessage.Confirm confirm : out.to(2, PaxosMessage.Confirm.class)) {
            lone.receive(3, new PaxosMessage.Confirmed(ballot, confirm.round(), false));
        }
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
