package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The partial partitions of Omni-Paxos (EuroSys 2023, section 2 and 7) and more, each with its bound in
 * election timeouts (ET). Letters are nodes; a pair of letters is a link that is up.
 */
class PartialPartitionTest {
    /** N-1, quorum loss: only A reaches a quorum; C leads, and reaches A alone. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theHubTakesOverFromALeaderWithoutAQuorum(long seed) {
        Scenario s = new Scenario(5, 'C', seed);
        s.onlyLinks("AB", "AC", "AD", "AE");
        long before = s.leaderChanges();
        s.within(4, "A leads", () -> s.leads('A'));
        s.writes('A', 1);
        s.writes('E', 2);
        s.rest(100);
        assertEquals(before + 1, s.leaderChanges());
    }

    /** N-2, constrained election: C is cut off, and A, the only one with a quorum, has a stale log. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aStaleHubLeadsAndLosesNothing(long seed) {
        Scenario s = new Scenario(5, 'C', seed);
        s.onlyLinks("BC", "CD", "CE", "BD", "BE", "DE");
        for (int i = 0; i < 50; i++) {
            s.writes('C', 2);
        }
        long written = s.cluster().ghost().chosenPrefix();
        assertTrue(s.status('A').chosenSlot().value() < written);
        s.onlyLinks("AB", "AD", "AE");
        s.within(4, "A leads", () -> s.leads('A'));
        s.writes('A', 2);
        s.within(2, "A has everything", () -> s.status('A').appliedSlot().value() > written);
    }

    /** N-2 with three nodes: C is cut off, A is stale. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theRestOfThreeGoesOnThoughOneIsStale(long seed) {
        Scenario s = new Scenario(3, 'C', seed);
        s.onlyLinks("BC");
        for (int i = 0; i < 50; i++) {
            s.writes('B', 2);
        }
        s.onlyLinks("AB");
        s.within(4, "A or B leads", () -> s.leads('A') || s.leads('B'));
        s.writes('A', 2);
        s.writes('B', 2);
    }

    /** N-3, chained: B leads, and C reaches it only through A. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theEndsOfAChainDoNotOutbidEachOther(long seed) {
        Scenario s = new Scenario(3, 'B', seed);
        s.onlyLinks("AB", "AC");
        long before = s.leaderChanges();
        s.rest(3);
        s.writes('B', 1);
        long written = s.cluster().ghost().chosenPrefix();
        s.within(2, "C learns from A", () -> s.status('C').appliedSlot().value() >= written);
        s.writes('C', 2);
        CompletableFuture<Long> read = s.read('C');
        s.within(2, "a read at C", read::isDone);
        read.join();
        s.rest(100);
        assertTrue(s.leaderChanges() <= before + 1);
    }

    /** N-4: a chain of five, led by its end A. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aChainOfFiveSettlesInItsMiddle(long seed) {
        Scenario s = new Scenario(5, 'A', seed);
        s.onlyLinks("AB", "BC", "CD", "DE");
        Ballot before = s.status('C').ballot();
        s.within(6, "B, C or D leads", () -> s.leads('B') || s.leads('C') || s.leads('D'));
        s.rest(3);
        long changes = s.leaderChanges();
        assertTrue(s.status('C').ballot().round() <= before.round() + 2, "at most two ballots");
        s.writes('C', 2);
        s.writes('A', 4);
        s.writes('E', 4);
        s.rest(100);
        assertEquals(changes, s.leaderChanges());
    }

    /** N-4: a chain of five, led from its middle, changes nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aChainLedFromItsMiddleKeepsItsLeader(long seed) {
        Scenario s = new Scenario(5, 'C', seed);
        long before = s.leaderChanges();
        s.onlyLinks("AB", "BC", "CD", "DE");
        s.rest(20);
        s.writes('C', 1);
        s.writes('E', 4);
        assertEquals(before, s.leaderChanges());
    }

    /** N-5: two against three, the leader among the two. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 59})
    void theMajorityGoesOnAndTheMinorityAnswersNothing(long seed) {
        Scenario s = new Scenario(5, 'A', seed);
        s.writes('A', 1);
        s.onlyLinks("AB", "CD", "CE", "DE");
        s.within(3, "the majority leads", () -> s.leads('C') || s.leads('D') || s.leads('E'));
        s.writes('C', 2);
        CompletableFuture<?> write = s.write('A');
        CompletableFuture<Long> read = s.read('B');
        s.rest(8);
        assertTrue(write.isCompletedExceptionally(), "a write in the minority");
        assertTrue(read.isCompletedExceptionally(), "a linearizable read in the minority");
        long changes = s.leaderChanges();
        NodeId leader = s.leader();
        s.heal();
        s.within(
                4,
                "all follow",
                () -> leader.equals(s.status('A').leader())
                        && leader.equals(s.status('B').leader()));
        s.writes('A', 2);
        s.rest(20);
        assertEquals(changes, s.leaderChanges(), "those who come back change nothing");
    }

    /** N-6: nobody has a majority; ballots do not climb meanwhile. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withoutAMajorityNobodyBids(long seed) {
        Scenario s = new Scenario(5, 'A', seed);
        s.onlyLinks("AB", "CD");
        s.rest(3);
        Ballot before = highest(s);
        s.rest(50);
        assertEquals(before, highest(s));
        s.heal();
        s.within(4, "a leader", () -> s.cluster().leader() != null);
        s.writes('E', 2);
    }

    private static Ballot highest(Scenario s) {
        Ballot highest = Ballot.ZERO;
        for (char letter : new char[] {'A', 'B', 'C', 'D', 'E'}) {
            Ballot ballot = s.status(letter).ballot();
            highest = ballot.isAbove(highest) ? ballot : highest;
        }
        return highest;
    }

    /** N-7: the leader is heard and hears nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLeaderThatHearsNothingIsReplaced(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        s.cluster().network.cut(s.id('B'), s.id('A'));
        s.cluster().network.cut(s.id('C'), s.id('A'));
        s.within(4, "another leads", () -> s.leads('B') || s.leads('C'));
        s.writes('B', 2);
        assertFalse(s.leads('A'));
    }

    /** N-8: a follower that hears nothing but is heard disturbs nobody. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFollowerThatHearsNothingDisturbsNobody(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        long before = s.leaderChanges();
        s.cluster().network.cut(s.id('A'), s.id('C'));
        s.cluster().network.cut(s.id('B'), s.id('C'));
        s.rest(50);
        s.writes('B', 1);
        assertEquals(before, s.leaderChanges());
    }

    /** N-9: nor does one that hears but is not heard. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFollowerThatIsNotHeardDisturbsNobody(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        long before = s.leaderChanges();
        s.cluster().network.cut(s.id('C'), s.id('A'));
        s.cluster().network.cut(s.id('C'), s.id('B'));
        s.rest(50);
        s.writes('B', 1);
        assertEquals(before, s.leaderChanges());
    }

    /** N-12: a link that goes up and down twice in an election timeout. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFlappingLinkDoesNotTossTheLeadership(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        long before = s.leaderChanges();
        for (int i = 0; i < 40; i++) {
            s.cluster().network.cutBoth(s.id('A'), s.id('B'));
            s.rest(0.5);
            s.heal();
            s.rest(0.5);
        }
        assertTrue(s.leaderChanges() - before <= 4, "one change in ten election timeouts");
        s.writes('B', 3);
    }

    /** T-1: the leader is paused for longer than the others wait, then goes on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPausedLeaderIsReplacedAndThenFollows(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        s.writes('B', 1);
        s.node('A').pause();
        s.within(3, "another leads", () -> s.leads('B') || s.leads('C'));
        s.writes('B', 2);
        long changes = s.leaderChanges();
        s.node('A').resume();
        CompletableFuture<Long> read = s.read('A');
        s.within(4, "a read at A", read::isDone);
        read.join();
        s.rest(20);
        assertEquals(changes, s.leaderChanges());
    }

    /** T-8: the power fails everywhere; everything that was acknowledged is there again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void afterAPowerLossOfAllTheFirstCommitComesSoon(long seed) {
        Scenario s = new Scenario(3, 'A', seed);
        for (int i = 0; i < 20; i++) {
            s.writes('B', 1);
        }
        s.cluster().nodes().forEach(node -> node.crash(true));
        s.rest(1);
        s.node('B').start();
        s.node('C').start();
        s.writes('B', 3);
        CompletableFuture<Long> read = s.read('C');
        s.within(2, "a read", read::isDone);
        assertEquals(21, read.join());
    }
}
