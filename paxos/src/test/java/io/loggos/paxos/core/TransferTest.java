package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException.Reason;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hand-over of leadership, whose other side the test plays (RULES.md P-17). */
class TransferTest {
    private static final NodeId TARGET = NodeId.of(2);
    private static final long ELECTION_NANOS = Lone.LIMITS.electionNanos();

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;
    /** The ends of the transfers: a reason, or "leads". */
    private final List<String> ends = new ArrayList<>();

    private void transfer(@Nullable NodeId target) {
        lone.core.transfer(
                target, reason -> ends.add(reason == null ? "leads" : reason.name()), Long.MAX_VALUE, lone.now(), out);
        lone.turn();
    }

    /** A peer says what it has learned. */
    private void answers(int peer, long chosenThrough) {
        lone.receive(peer, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, chosenThrough, false));
    }

    private void accepted(Ballot ballot, long slot) {
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, slot));
    }

    private List<Long> proposed() {
        return out.to(2, PaxosMessage.Accept.class).stream()
                .map(PaxosMessage.Accept::slot)
                .toList();
    }

    private List<PaxosMessage.Invite> invitations(int peer) {
        return out.to(peer, PaxosMessage.Invite.class);
    }

    @Test
    void targetIsInvitedOnceEverythingProposedIsChosen() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("a");
        transfer(TARGET);
        assertTrue(out.to(2, PaxosMessage.Status.class).stream().anyMatch(PaxosMessage.Status::resync));

        answers(2, 0);
        lone.propose("b");
        assertEquals(List.of(1L, 2L), proposed());
        assertEquals(List.of(), invitations(2));

        accepted(ballot, 2);
        assertEquals(List.of(new PaxosMessage.Invite(ballot, 2)), invitations(2));
        lone.applied(2);
        assertEquals(List.of(1L, 2L), proposed());
        assertEquals(List.of(), ends);
    }

    /** The command that waited goes to the new leader, in whose ballot it was not proposed yet. */
    @Test
    void waitingCommandsGoToTheNewLeader() {
        Ballot ballot = lone.leadAndChoose();
        transfer(TARGET);
        answers(2, 1);
        lone.propose("b");
        lone.follow(ballot.next(TARGET));

        assertEquals(List.of("leads"), ends);
        assertEquals(1, out.to(2, PaxosMessage.Forward.class).size());
        assertEquals(List.of(), out.failed);
    }

    /** RULES.md P-17: without a new leader in time the old one goes on. */
    @Test
    void leaderGoesOnWhenTheTargetDoesNotLead() {
        Ballot ballot = lone.leadAndChoose();
        transfer(TARGET);
        answers(2, 1);
        lone.propose("b");
        lone.tick(ELECTION_NANOS - 1);
        assertEquals(List.of(1L), proposed());

        lone.tick(1);
        assertEquals(List.of("TIMED_OUT"), ends);
        assertEquals(List.of(1L, 2L), proposed());
        assertEquals(ballot, out.to(2, PaxosMessage.Accept.class).get(1).ballot());
    }

    /** A transfer ends in time even if the target never answers, or the log has nothing else to do. */
    @Test
    void silentTargetEndsTheTransfer() {
        lone.leadAndChoose();
        transfer(TARGET);
        lone.tick(ELECTION_NANOS);

        assertEquals(List.of("TIMED_OUT"), ends);
        assertEquals(List.of(), invitations(2));
    }

    @Test
    void anotherLeaderEndsTheTransfer() {
        Ballot ballot = lone.leadAndChoose();
        transfer(TARGET);
        answers(2, 1);
        lone.follow(ballot.next(NodeId.of(3)));

        assertEquals(List.of("NOT_LEADER"), ends);
    }

    @Test
    void refusalsNameTheirReason() {
        transfer(TARGET);
        lone.leadAndChoose();
        transfer(NodeId.of(9));
        transfer(Lone.SELF);
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, PaxosMessage.Status.RETIRED, 0, false));
        transfer(TARGET);
        transfer(NodeId.of(3));
        transfer(TARGET);
        transfer(Lone.SELF);

        assertEquals(
                List.of("NOT_LEADER", "UNKNOWN_TARGET", "leads", "UNREACHABLE_TARGET", "UNREACHABLE_TARGET", "BUSY"),
                ends);
    }

    /** The window is 4 slots, so an acceptor takes the 16 slots above those that it has learned. */
    @Test
    void targetThatIsFarBehindIsRefusedAndProposalsGoOn() {
        Ballot ballot = lone.leadAndChoose();
        for (long slot = 2; slot <= 18; slot++) {
            lone.propose("x");
            accepted(ballot, slot);
            lone.applied(slot);
        }
        transfer(TARGET);
        answers(2, 1);
        assertEquals(List.of(Reason.TARGET_BEHIND.name()), ends);

        lone.propose("y");
        assertEquals(19, proposed().get(proposed().size() - 1));
    }

    /** Whoever does not care takes the first that is not far behind. */
    @Test
    void anyTargetIsTheFirstToAnswer() {
        lone.leadAndChoose();
        transfer(null);
        answers(3, 1);
        answers(2, 1);

        assertEquals(1, invitations(3).size());
        assertEquals(List.of(), invitations(2));
    }

    /** A second caller hears the same end. */
    @Test
    void callersShareATransfer() {
        Ballot ballot = lone.leadAndChoose();
        transfer(TARGET);
        transfer(null);
        transfer(TARGET);
        answers(2, 1);
        lone.follow(ballot.next(TARGET));

        assertEquals(List.of("leads", "leads", "leads"), ends);
    }

    /** A replica that is closed need not wait for as long as the caller before. */
    @Test
    void transferEndsWithTheLeastPatience() {
        lone.leadAndChoose();
        transfer(TARGET);
        lone.core.transfer(null, reason -> ends.add(String.valueOf(reason)), ELECTION_NANOS / 2, lone.now(), out);
        lone.tick(ELECTION_NANOS / 2);

        assertEquals(List.of("TIMED_OUT", "TIMED_OUT"), ends);
    }

    @Test
    void invitationIsSentAgainOnANewLink() {
        lone.leadAndChoose();
        transfer(TARGET);
        answers(2, 1);
        lone.core.onOutgoingReset(TARGET, out);

        assertEquals(2, invitations(2).size());
    }

    @Test
    void retirementEndsTheTransfer() {
        lone.leadAndChoose();
        transfer(TARGET);
        lone.core.retire(0, out);

        assertEquals(List.of("NOT_LEADER"), ends);
    }

    /** RULES.md P-17: the invited node runs phase 1 in a ballot of its own, above the leader's. */
    @Test
    void invitedNodeBeginsPhaseOneAtOnce() {
        Ballot leader = new Ballot(5, 2);
        lone.follow(leader);
        lone.receive(2, new PaxosMessage.Invite(leader, 0));
        lone.sync();

        Ballot own = lone.core.progress().promised();
        assertTrue(own.isAbove(leader) && own.isOf(Lone.SELF));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());
        assertEquals(
                List.of(own),
                out.all(PaxosMessage.Prepare.class).stream()
                        .map(PaxosMessage.Prepare::ballot)
                        .distinct()
                        .toList());
    }

    /** A node that was down at the election has no promise for the leader's ballot. */
    @Test
    void invitedNodeNeedNotHavePromisedTheLeader() {
        Ballot leader = new Ballot(5, 2);
        lone.receive(2, new PaxosMessage.Status(leader, leader, 0, 0, false));
        lone.receive(2, new PaxosMessage.Invite(leader, 0));

        assertTrue(lone.core.progress().promised().isAbove(leader));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());
    }

    /** It first learns what the leader has had chosen, so that its first answers do not wait for that. */
    @Test
    void invitedNodeFirstLearnsWhatItLacks() {
        Ballot leader = new Ballot(5, 2);
        lone.follow(leader);
        lone.receive(2, new PaxosMessage.Invite(leader, 1));
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        assertEquals(1, out.to(2, PaxosMessage.Learn.class).size());

        lone.receive(2, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, leader, Lone.batch("missed")))));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());
    }

    /** An invitation of a leader that is deposed has no effect, nor has one of a stranger's ballot. */
    @Test
    void outdatedInvitationHasNoEffect() {
        Ballot leader = new Ballot(5, 2);
        lone.follow(leader.next(NodeId.of(3)));
        lone.receive(2, new PaxosMessage.Invite(leader, 0));
        lone.receive(2, new PaxosMessage.Invite(leader.next(NodeId.of(3)), 0));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }

    @Test
    void invitationLapses() {
        Ballot leader = new Ballot(5, 2);
        lone.follow(leader);
        lone.receive(2, new PaxosMessage.Invite(leader, 1));
        lone.tick(ELECTION_NANOS);
        lone.receive(2, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, leader, Lone.batch("missed")))));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
    }
}
