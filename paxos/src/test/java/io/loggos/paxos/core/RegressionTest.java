package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regressions: each test shows a bug that the code once had. */
class RegressionTest {
    private static final Ballot FIRST = new Ballot(1, 2);

    /** RULES.md L-6: a leader may still answer a question of the last life, with an older slot. */
    @Test
    void nonceIsNotUsedAgainByTheNextLife() {
        assertNotEquals(firstNonce(1), firstNonce(1L << 40));
    }

    private static long firstNonce(long session) {
        Lone life = new Lone(3, session, RecoveredLog.EMPTY, 0);
        life.follow(FIRST);
        life.read("a");
        life.turn();
        return life.out.to(2, PaxosMessage.ReadIndex.class).get(0).nonce();
    }

    /** A damaged slot is not read again and again until it is repaired. */
    @Test
    void damagedSlotIsNotReadAgainBeforeItIsRepaired() {
        Lone restarted = new Lone(3, new RecoveredLog(FIRST, 1, 1, List.of(), null), 0);
        assertEquals(1, restarted.out.logReads.size());
        restarted.core.onLogRead(null, 1, List.of(LogEntry.faultyAt(1)), restarted.out);
        restarted.turn();
        assertEquals(1, restarted.out.logReads.size());
    }

    /**
     * A value of a minority is not learned although its slot is chosen.
     *
     * <p>Slot 1 may have been chosen in a ballot above OWN, after nodes 2 and 3 answered. Node 1 alone accepted A in
     * 1.2, and its record of slot 2 is damaged, so four answers are needed. Nodes 2 and 3 promise OWN. Then node 4,
     * with nodes 2 and 3, has B chosen in a ballot above OWN; none of the three holds A. Node 5, out of contact with
     * node 4, learns B from node 2 without a promise. Only then it gets node 1's prepare: it promises OWN and says that
     * slot 1 is chosen.
     */
    @Test
    void valueOfAMinorityIsNotLearnedBecauseTheSlotIsChosen() {
        LogEntry minority = LogEntry.of(1, FIRST, Lone.batch("A"));
        Lone lone = new Lone(5, new RecoveredLog(FIRST, 0, 1, List.of(minority, LogEntry.faultyAt(2)), null), 0);
        Ballot own = lone.campaign();
        lone.sync();
        lone.receive(2, Lone.promise(own));
        lone.receive(3, Lone.promise(own));
        lone.receive(5, new PaxosMessage.Promise(own, 1, 1, 0, true, List.of()));

        assertEquals(List.of(), lone.out.appliedSlots());
    }

    /**
     * A leader that a higher ballot has passed learns the values which that ballot chose.
     *
     * <p>It must not say "chosen" in its own ballot. Nodes that accepted its value would take that for the chosen one.
     */
    @Test
    void passedLeaderDoesNotVouchForItsOwnValue() {
        Lone lone = new Lone(3);
        Ballot own = lone.leadAndChoose();
        lone.propose("A");
        Ballot higher = new Ballot(own.round() + 1, 3);
        lone.receive(3, new PaxosMessage.Status(higher, Ballot.ZERO, 0, 2, false));
        lone.receive(3, new PaxosMessage.Learned(2, 2, 1, List.of(LogEntry.of(2, higher, Lone.batch("B")))));

        assertEquals(Proposer.Phase.IDLE, lone.core.progress().phase());
        assertEquals(2, lone.core.progress().chosenSlot());
        assertEquals(
                List.of(),
                lone.out.to(2, PaxosMessage.Chosen.class).stream()
                        .filter(chosen -> chosen.through() >= 2)
                        .toList());
    }

    /** One turn has both an accept in a higher ballot and the same value learned from a lower one. */
    @Test
    void learnedValueDoesNotReplaceAnAcceptInAHigherBallot() {
        Lone lone = new Lone(3);
        Ballot lower = new Ballot(1, 3);
        Ballot higher = new Ballot(2, 2);
        lone.receive(2, new PaxosMessage.Accept(higher, 1, 0, Lone.batch("A")));
        lone.receive(3, new PaxosMessage.Status(lower, Ballot.ZERO, 0, 1, false));
        lone.receive(3, new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.of(1, lower, Lone.batch("A")))));

        assertEquals(1, lone.core.progress().chosenSlot());
        assertEquals(
                List.of(),
                lone.out.writes.stream()
                        .filter(LogRecord.Learned.class::isInstance)
                        .toList());
    }

    /** A record is repaired also if its damage is found only when a peer asks for it. */
    @Test
    void damageThatAPeerRunsIntoIsRepaired() {
        Lone lone = new Lone(3, new RecoveredLog(FIRST, 1, 1, List.of(), null), 0);
        lone.receive(2, new PaxosMessage.Learn(1));
        lone.core.onLogRead(NodeId.of(2), 1, List.of(LogEntry.faultyAt(1)), lone.out);
        lone.turn();

        assertTrue(lone.out.sent.stream().anyMatch(sent -> sent.message().equals(new PaxosMessage.Learn(1))));
    }
}
