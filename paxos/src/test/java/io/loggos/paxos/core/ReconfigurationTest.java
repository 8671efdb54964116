package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The change of a log's configuration by a stop-sign (RULES.md ). The test plays the peers of node 1. */
class ReconfigurationTest {
    private static final Ballot OLD = new Ballot(3, 3);

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    /** Returns a configuration of voters with the store 1. */
    private static Configuration of(long number, int... voters) {
        List<Configuration.Member> members = new ArrayList<>();
        for (int voter : voters) {
            members.add(new Configuration.Member(NodeId.of(voter), Lone.INCARNATION, "", Role.VOTER, 0));
        }
        return new Configuration(number, members);
    }

    private static Bytes stopSign(Configuration next) {
        return Batch.stopSign(0, next).bytes();
    }

    private List<Long> proposed(int peer) {
        return out.to(peer, PaxosMessage.Accept.class).stream()
                .map(PaxosMessage.Accept::slot)
                .toList();
    }

    private void receive(int from, long number, PaxosMessage message) {
        lone.core.onMessage(NodeId.of(from), number, true, message, lone.now(), out);
        lone.turn();
    }

    /** Makes node 1 lead, propose the stop-sign in slot 2, and learn that it is chosen. */
    private Ballot stopWith(Configuration next) {
        Ballot ballot = lone.leadAndChoose();
        lone.core.aim(next);
        lone.turn();
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        return ballot;
    }

    /** RULES.md R-3: the leader proposes nothing behind the stop-sign. */
    @Test
    void nothingIsProposedBehindTheStopSign() {
        lone.leadAndChoose();
        lone.core.aim(of(2, 1, 2, 3, 4));
        lone.turn();
        lone.propose("a");
        lone.tick(Lone.LIMITS.heartbeatNanos());

        assertEquals(List.of(1L, 2L), proposed(2));
        PaxosMessage.Accept last = out.to(2, PaxosMessage.Accept.class).get(1);
        assertEquals(of(2, 1, 2, 3, 4), Batch.parse(last.batch()).next());
    }

    /** RULES.md R-1: a stop-sign that is accepted and not chosen changes nothing. */
    @Test
    void acceptedStopSignChangesNothing() {
        lone.receive(2, new PaxosMessage.Accept(new Ballot(5, 2), 1, 0, stopSign(of(2, 1, 2))));
        lone.sync();

        assertEquals(1, lone.core.configuration().number());
        assertEquals(List.of(), out.written(LogRecord.Configured.class));
    }

    /** The configuration is on disk in the same write as the slot behind which it begins. */
    @Test
    void learnedStopSignIsEnteredAndWritten() {
        Configuration next = of(2, 1, 2, 4);
        Ballot ballot = stopWith(next);

        assertEquals(next, lone.core.configuration());
        assertEquals(List.of(next), out.configured);
        LogRecord.Configured record = out.written(LogRecord.Configured.class).get(0);
        assertEquals(new LogRecord.Configured(Lone.LOG, 2, 2, ballot, next.toBytes()), record);
        int at = out.writes.indexOf(record);
        assertEquals(new LogRecord.ChosenThrough(Lone.LOG, 2), out.writes.get(at + 1));
    }

    /** The last leader runs phase 1 among the new voters, in a ballot of its own. The removed one gets no prepare. */
    @Test
    void leaderBeginsPhaseOneAmongTheNewVoters() {
        Ballot ballot = lone.leadAndChoose();
        lone.core.aim(of(2, 1, 2, 4));
        lone.turn();
        lone.sync();
        out.clearSent();
        lone.core.onMessage(NodeId.of(2), new PaxosMessage.Accepted(ballot, 2), lone.now(), out);
        lone.turn();

        assertEquals(1, out.to(2, PaxosMessage.Prepare.class).size());
        assertEquals(1, out.to(4, PaxosMessage.Prepare.class).size());
        assertEquals(List.of(), out.to(3, PaxosMessage.Prepare.class));
        PaxosMessage.Prepare prepare = out.to(4, PaxosMessage.Prepare.class).get(0);
        assertTrue(prepare.ballot().isAbove(ballot));
        assertEquals(3, prepare.fromSlot());
        assertTrue(out.to(3, PaxosMessage.Chosen.class).stream().anyMatch(chosen -> chosen.through() == 2));
    }

    /** A quorum of the old voters decides nothing in the new configuration. */
    @Test
    void voteOfAnOldVoterDoesNotCount() {
        stopWith(of(2, 1, 4, 5));
        Ballot ballot = lone.core.progress().promised();
        receive(2, 1, Lone.promise(ballot));
        receive(2, 2, Lone.promise(ballot));
        receive(3, 2, Lone.promise(ballot));
        assertEquals(Proposer.Phase.PREPARING, lone.core.progress().phase());

        receive(4, 2, new PaxosMessage.Promise(ballot, 2, 1, 0, true, List.of()));
        lone.sync();
        assertEquals(Proposer.Phase.LEADING, lone.core.progress().phase());
    }

    /** A message of another configuration is answered with the status, from which its sender learns. */
    @Test
    void messageOfAnotherConfigurationHasNoEffect() {
        stopWith(of(2, 1, 2, 4));
        Ballot promised = lone.core.progress().promised();
        out.clearSent();
        Ballot high = new Ballot(promised.round() + 5, 3);
        receive(3, 1, new PaxosMessage.Prepare(high, 1));
        receive(3, 1, new PaxosMessage.Accept(high, 3, 2, Lone.batch("x")));

        assertEquals(promised, lone.core.progress().promised());
        assertEquals(List.of(), out.to(3, PaxosMessage.Promise.class));
        assertTrue(out.to(3, PaxosMessage.Status.class).stream().anyMatch(status -> status.chosenThrough() == 2));
    }

    /** A node that is behind asks for what it lacks. */
    @Test
    void messageOfALaterConfigurationMakesANodeAsk() {
        receive(2, 2, new PaxosMessage.Prepare(new Ballot(9, 2), 5));

        assertEquals(List.of(), out.to(2, PaxosMessage.Promise.class));
        assertEquals(1, out.to(2, PaxosMessage.Learn.class).size());
    }

    /** Chosen values are chosen for all: a node learns from whoever has it, and so comes to the next configuration. */
    @Test
    void chosenValuesCountFromAnyConfiguration() {
        Configuration next = of(2, 2, 3, 4);
        receive(2, 2, new PaxosMessage.Status(OLD, Ballot.ZERO, 0, 1, false));
        receive(2, 2, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, OLD, stopSign(next)))));

        assertEquals(next, lone.core.configuration());
        out.clearSent();
        receive(2, 2, new PaxosMessage.Prepare(new Ballot(9, 2), 2));
        assertEquals(List.of(), out.all(PaxosMessage.Promise.class), "it is no voter any more");
    }

    /** RULES.md R-3: phase 1 drops what it finds behind a stop-sign. */
    @Test
    void phaseOneDropsWhatIsBehindAStopSign() {
        Configuration next = of(2, 1, 2, 3);
        lone.lead(
                LogEntry.of(1, OLD, Lone.batch("a")),
                LogEntry.of(2, OLD, stopSign(next)),
                LogEntry.of(3, OLD.next(NodeId.of(2)), Lone.batch("void")));

        assertEquals(List.of(1L, 2L), proposed(2));
    }

    /** Entries of the last configuration are void behind its end, in memory and after a restart. */
    @Test
    void leftOversAreVoid() {
        Configuration next = of(2, 1, 2, 3);
        Ballot leader = new Ballot(5, 2);
        lone.receive(2, new PaxosMessage.Accept(leader, 2, 0, Lone.batch("void")));
        receive(3, 2, new PaxosMessage.Status(OLD, Ballot.ZERO, 0, 1, false));
        receive(3, 2, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, OLD, stopSign(next)))));
        receive(2, 2, new PaxosMessage.Prepare(new Ballot(9, 2), 2));

        assertEquals(List.of(), out.to(2, PaxosMessage.Promise.class).get(0).accepted());

        LogRecord.Configured record = out.written(LogRecord.Configured.class).get(0);
        LogEntry later = LogEntry.of(3, leader.next(NodeId.of(3)), Lone.batch("b"));
        RecoveredLog recovered =
                new RecoveredLog(leader, 1, 1, List.of(LogEntry.of(2, leader, Lone.batch("void")), later), record);
        OpenedLog opened = OpenedLog.of(Lone.LOG, recovered, 0, null);
        assertEquals(List.of(later), opened.open());
        assertEquals(next, opened.configuration());
    }

    /** RULES.md M-2: a leader that will have no vote hands over to one that will. */
    @Test
    void leaderWithoutAVoteHandsOverFirst() {
        Ballot ballot = lone.leadAndChoose();
        lone.core.aim(of(2, 2, 3, 4));
        lone.turn();
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 1, false));

        assertEquals(List.of(new PaxosMessage.Invite(ballot, 1)), out.to(2, PaxosMessage.Invite.class));
        assertEquals(List.of(1L), proposed(2));
    }

    /** A leader without a voter that goes on stops the log itself, and leads no more. */
    @Test
    void leaderWithoutASuccessorStopsTheLog() {
        stopWith(of(2, 4, 5, 6));

        assertEquals(2, lone.core.configuration().number());
        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        assertFalse(out.to(4, PaxosMessage.Status.class).isEmpty(), "the new voters are told");
        assertEquals(List.of(), out.to(4, PaxosMessage.Prepare.class));
    }

    /** Commands that waited behind the stop-sign are proposed in the next configuration. */
    @Test
    void waitingCommandsGoOn() {
        Ballot ballot = lone.leadAndChoose();
        lone.core.aim(of(2, 1, 2, 3));
        lone.turn();
        lone.propose("a");
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        Ballot next = lone.core.progress().promised();
        lone.sync();
        receive(2, 2, new PaxosMessage.Promise(next, 2, 1, 0, true, List.of()));
        lone.applied(2);

        assertEquals(List.of(), out.failed);
        assertTrue(out.to(2, PaxosMessage.Accept.class).stream()
                .filter(accept -> accept.slot() > 2)
                .anyMatch(accept -> Lone.commands(accept.batch()).contains("a")));
    }
}
