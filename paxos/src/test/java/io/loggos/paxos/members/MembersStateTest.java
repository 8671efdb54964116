package io.loggos.paxos.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member.Role;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Configuration.Member;
import io.loggos.paxos.members.MembersCommand.Change;
import io.loggos.paxos.members.MembersCommand.LogNumber;
import io.loggos.paxos.members.MembersCommand.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The state of the log that decides the members: one change at a time, and what it waits for. */
class MembersStateTest {
    private static final LogId LOG = LogId.ofName("log");

    private final MembersState state = new MembersState();

    private static Member member(int node, Role role) {
        return new Member(NodeId.of(node), 100 + node, "host:" + node, role, 0);
    }

    private static Configuration of(long number, int... voters) {
        List<Member> members = new ArrayList<>();
        for (int voter : voters) {
            members.add(member(voter, Role.VOTER));
        }
        return new Configuration(number, members);
    }

    private static Report report(int node, long number, long logNumber) {
        TreeMap<LogId, LogNumber> logs = new TreeMap<>();
        if (logNumber > 0) {
            logs.put(LOG, new LogNumber("log", logNumber, logNumber == 1 ? 0 : 7));
        }
        return new Report(NodeId.of(node), 100 + node, number, logs);
    }

    private void begin(Configuration from, Configuration next) {
        assertNull(state.change(new Change(from, next)));
    }

    /** RULES.md M-4: of two changes of one configuration the first wins. */
    @Test
    void changesAreComparedAndSet() {
        begin(of(1, 1, 2, 3), of(2, 1, 2, 3, 4));
        assertNotNull(state.change(new Change(of(1, 1, 2, 3), of(2, 1, 2))));
        state.configured(of(2, 1, 2, 3, 4));

        String conflict = state.change(new Change(of(1, 1, 2, 3), of(2, 1, 2)));
        assertEquals("the configuration is number 2 now, and not 1", conflict);
    }

    /** The logs of a quorum of the present voters are all logs of which something can be chosen. */
    @Test
    void quorumOfThePresentVotersNamesTheLogs() {
        begin(of(1, 1, 2, 3), of(2, 4, 5, 6));
        state.report(report(4, 2, 0));
        state.report(report(5, 2, 0));
        state.report(report(1, 1, 1));
        assertFalse(state.isReady());
        state.report(report(1, 2, 1));
        assertFalse(state.isReady());
        state.report(report(3, 2, 1));
        assertTrue(state.isReady());

        state.configured(of(2, 4, 5, 6));
        assertEquals(Map.of(LOG, 1L), state.catalogue());
    }

    /** A store that is not the voter's does not speak for it. */
    @Test
    void reportOfAnotherStoreDoesNotCount() {
        begin(of(1, 1, 2, 3), of(2, 1, 2));
        state.report(report(1, 2, 1));
        state.report(new Report(NodeId.of(2), 999, 2, report(2, 2, 1).logs()));

        assertFalse(state.isReady());
    }

    /** RULES.md R-4: the change is complete once a quorum of the new voters stands in it, for each log. */
    @Test
    void changeIsCompleteOnceAllLogsHaveChanged() {
        begin(of(1, 1, 2, 3), of(2, 2, 3, 4));
        state.report(report(1, 2, 1));
        state.report(report(2, 2, 1));
        state.configured(of(2, 2, 3, 4));
        assertEquals("log \"log\" has not changed, or is not open, on nodes [2, 3, 4]", state.incomplete());

        state.report(report(1, 2, 2));
        state.report(report(2, 2, 2));
        assertNotNull(state.incomplete());
        assertNotNull(state.change(new Change(of(2, 2, 3, 4), of(3, 2))), "the last change is not complete");

        state.report(report(4, 2, 2));
        assertNull(state.incomplete());
        begin(of(2, 2, 3, 4), of(3, 2));
    }

    @Test
    void stateSurvivesACheckpoint() {
        begin(of(1, 1, 2, 3), of(2, 2, 3, 4));
        state.report(report(1, 2, 1));
        MembersState copy = state.copy();

        assertEquals(state.toBytes(), copy.toBytes());
        assertEquals(of(2, 2, 3, 4), copy.target());
    }

    @Test
    void commandsAreReadAsTheyWereWritten() {
        Change change = new Change(of(1, 1, 2), of(2, 1, 2, 3));
        assertEquals(change, MembersCommand.of(change.toBytes()));
        assertEquals(report(1, 2, 1), MembersCommand.of(report(1, 2, 1).toBytes()));
    }

    /** RULES.md R-7: a change is one whole configuration, whatever it consists of. */
    @Test
    void changesMakeOneConfiguration() {
        Configuration present =
                new Configuration(4, List.of(member(1, Role.VOTER), member(2, Role.VOTER), member(3, Role.LEARNER)));
        Configuration next = NextMembers.of(
                present, List.of(MemberChange.remove(1), MemberChange.promote(3), MemberChange.update(2, "other:1")));

        assertEquals(5, next.number());
        assertEquals(List.of(NodeId.of(2), NodeId.of(3)), next.voters());
        assertEquals("other:1", next.members().get(0).address());
    }

    @Test
    void impossibleChangesAreRefused() {
        Configuration present = of(1, 1);
        for (MemberChange change : List.of(MemberChange.remove(1), MemberChange.demote(1), MemberChange.promote(7))) {
            MemberChangeException refused =
                    assertThrows(MemberChangeException.class, () -> NextMembers.of(present, List.of(change)));
            assertEquals(MemberChangeException.Reason.INVALID, refused.reason());
        }
    }

    /** The member that a newcomer replaces leaves in the change that lets the newcomer vote. */
    @Test
    void newcomerTakesThePlaceOfAMember() {
        Member newcomer = new Member(NodeId.of(4), 104, "host:4", Role.JOINING, 1);
        Configuration with = NextMembers.with(of(1, 1, 2, 3), newcomer);
        assertEquals(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)), with.voters());

        Configuration promoted = NextMembers.promoted(with, newcomer);
        assertEquals(List.of(NodeId.of(2), NodeId.of(3), NodeId.of(4)), promoted.voters());
        assertEquals(3, promoted.members().size());
    }

    @Test
    void membershipSurvivesARestart() {
        Membership first = Membership.initial(of(1, 1, 2, 3));
        Membership changed = first.sealedFor(2, first.first()).in(of(2, 2, 3, 4), state.catalogue());
        assertEquals(changed, Membership.of(changed.toBytes()));
        assertEquals(4, changed.linked().size());

        Membership complete = changed.complete();
        assertEquals(Set.of(NodeId.of(2), NodeId.of(3), NodeId.of(4)), complete.linked());
        assertEquals(2, complete.removed().get(101L));
        assertEquals(complete, Membership.of(complete.toBytes()));
    }

    /** A new log begins in the present configuration, unless others may have it. */
    @Test
    void newLogBeginsInThePresentConfiguration() {
        Membership first = Membership.initial(of(1, 1, 2, 3));
        assertEquals(1, first.ofNewLog(LOG).number());

        LogId moved = LogId.ofName("moved");
        TreeMap<LogId, Long> logs = new TreeMap<>();
        logs.put(LOG, 1L);
        logs.put(moved, 0L);
        Membership changed = first.sealedFor(2, first.first()).in(of(2, 2, 3, 4), logs);
        assertEquals(1, changed.ofNewLog(LOG).number(), "it began in the last configuration, and has not stopped");
        assertEquals(0, changed.ofNewLog(moved).number());
        assertEquals(0, changed.complete().ofNewLog(LOG).number());
        assertEquals(2, changed.ofNewLog(LogId.ofName("another")).number());
        assertEquals(1, changed.ofOldLog().number());
    }
}
