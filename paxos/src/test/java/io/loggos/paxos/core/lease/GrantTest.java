package io.loggos.paxos.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Proposer;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The acceptor's side of leases (RULES.md L-1, L-3, L-4): node 2 leads, node 3 wants to, and grants last 100 ns. */
class GrantTest {
    private static final Ballot LEADER = new Ballot(1, 2);
    private static final Ballot OTHER = new Ballot(2, 3);
    private static final long GRANT_NANOS = 100;

    private final Lone lone = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.LIMITS_WITH_LEASES);
    private final Recorder out = lone.out;

    /** Follows node 2, after the time in which a grant of an earlier life might stand. */
    private void follow() {
        lone.pass(GRANT_NANOS);
        lone.follow(LEADER);
        out.clearSent();
    }

    private void confirm(long round, long grantNanos) {
        lone.receive(2, new PaxosMessage.Confirm(LEADER, round, grantNanos));
    }

    private void prepare() {
        lone.receive(3, new PaxosMessage.Prepare(OTHER, 1));
    }

    private boolean hasPromised() {
        return !out.to(3, PaxosMessage.Promise.class).isEmpty();
    }

    private List<Boolean> granted() {
        return out.to(2, PaxosMessage.Confirmed.class).stream()
                .map(PaxosMessage.Confirmed::granted)
                .toList();
    }

    @Test
    void prepareOfAnotherWaitsForTheEndOfTheGrant() {
        follow();
        confirm(1, GRANT_NANOS);
        assertEquals(List.of(true), granted());
        lone.pass(30);
        prepare();
        lone.tick(GRANT_NANOS - 30 - 1);
        assertFalse(hasPromised());
        assertEquals(LEADER, lone.core.progress().promised());

        lone.tick(1);
        assertTrue(hasPromised());
        assertEquals(OTHER, lone.core.progress().promised());
    }

    /** RULES.md L-1: the question may have come at any time before the end of the turn that takes it. */
    @Test
    void grantCountsFromTheEndOfTheTurn() {
        follow();
        lone.core.onMessage(NodeId.of(2), new PaxosMessage.Confirm(LEADER, 1, GRANT_NANOS), lone.now(), out);
        lone.core.onMessage(NodeId.of(3), new PaxosMessage.Prepare(OTHER, 1), lone.now(), out);
        lone.pass(500);
        lone.turn();
        assertFalse(hasPromised());
        lone.pass(GRANT_NANOS - 1);
        prepare();
        assertFalse(hasPromised());
    }

    @Test
    void grantIsRenewed() {
        follow();
        confirm(1, GRANT_NANOS);
        lone.pass(60);
        confirm(2, GRANT_NANOS);
        lone.pass(60);
        prepare();
        assertFalse(hasPromised());
    }

    /** A candidate that has given up after an election timeout is not answered. */
    @Test
    void prepareThatIsOldIsDropped() {
        follow();
        confirm(1, GRANT_NANOS);
        prepare();
        for (int round = 2; round < 5; round++) {
            lone.tick(50);
            confirm(round, GRANT_NANOS);
        }
        lone.tick(3 * GRANT_NANOS);
        assertFalse(hasPromised());
    }

    /** The leader itself may take a higher ballot: it has no lease when it does. */
    @Test
    void leaderWithTheGrantMayPrepareAgain() {
        follow();
        confirm(1, GRANT_NANOS);
        lone.receive(2, new PaxosMessage.Prepare(OTHER.next(NodeId.of(2)), 1));
        assertEquals(1, out.to(2, PaxosMessage.Promise.class).size());
    }

    /** RULES.md L-4: a leader that has given its lease up ends its grants, those of later rounds excepted. */
    @Test
    void releaseEndsTheGrantsUpToARound() {
        follow();
        confirm(2, GRANT_NANOS);
        lone.receive(2, new PaxosMessage.Release(LEADER, 1));
        lone.receive(3, new PaxosMessage.Release(new Ballot(1, 3), 9));
        prepare();
        assertFalse(hasPromised());
        lone.receive(2, new PaxosMessage.Release(LEADER, 2));
        assertTrue(hasPromised());
    }

    @Test
    void releaseOfAnotherNodeHasNoEffect() {
        follow();
        confirm(1, GRANT_NANOS);
        lone.receive(3, new PaxosMessage.Release(LEADER, 1));
        prepare();
        assertFalse(hasPromised());
    }

    /** RULES.md L-1: who has granted does not become a candidate either. */
    @Test
    void acceptorDoesNotBecomeACandidateBeforeTheEndOfItsGrant() {
        follow();
        lone.tick(2 * GRANT_NANOS);
        confirm(1, GRANT_NANOS);
        long until = lone.now() + GRANT_NANOS;
        lone.receive(2, new PaxosMessage.Status(LEADER, Ballot.ZERO, PaxosMessage.Status.RETIRED, 0, false));
        while (lone.now() + 5 < until) {
            lone.tick(5);
            assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        }
        lone.campaign();
    }

    /** RULES.md L-3: a life does not know what the one before it has granted, nor to whom. */
    @Test
    void acceptorThatStartsWaitsAsLongAsAGrantLasts() {
        lone.receive(2, new PaxosMessage.Prepare(LEADER, 1));
        lone.pass(GRANT_NANOS - 1);
        lone.turn();
        assertEquals(List.of(), out.all(PaxosMessage.Promise.class));
        lone.pass(1);
        lone.receive(2, new PaxosMessage.Prepare(LEADER, 1));
        assertEquals(1, out.all(PaxosMessage.Promise.class).size());
    }

    /** An acceptor grants no more than it waits after a start, and nothing without a bound for its clock. */
    @Test
    void grantIsNoLongerThanTheWaitAfterAStart() {
        follow();
        confirm(1, GRANT_NANOS + 1);
        confirm(2, 0);
        assertEquals(List.of(false, false), granted());
        prepare();
        assertTrue(hasPromised());

        Lone plain = new Lone(3);
        plain.follow(LEADER);
        plain.receive(2, new PaxosMessage.Confirm(LEADER, 1, GRANT_NANOS));
        assertEquals(
                List.of(new PaxosMessage.Confirmed(LEADER, 1, false)), plain.out.to(2, PaxosMessage.Confirmed.class));
    }
}
