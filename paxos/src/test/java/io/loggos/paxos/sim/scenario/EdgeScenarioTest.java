package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.Role;
import io.loggos.paxos.runtime.replica.LocalReplica;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Clusters at their edges: clocks that are wrong, slots that all nodes have lost, and replicas that have halted. */
public class EdgeScenarioTest {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final List<Character> ALL = List.of('A', 'B', 'C');

    private final Scenario scenario = new Scenario(3, 'C', 14);

    private static final List<Consumer<EdgeScenarioTest>> SCENARIOS = List.of(
            EdgeScenarioTest::wrongClocksNeitherStopNorMoveLogTime,
            EdgeScenarioTest::newLeaderGoesOnWithLogTime,
            EdgeScenarioTest::slotThatAllNodesHaveLostHaltsAllWithItsNumber,
            EdgeScenarioTest::slotThatAllWhoHadItHaveLostHaltsThem,
            EdgeScenarioTest::nodeThatComesLateHaltsAsWell,
            EdgeScenarioTest::slotThatOneNodeHasComesBack,
            EdgeScenarioTest::replicaWithoutAQuorumOfReplicasWaits,
            EdgeScenarioTest::replicaThatStartsAfterTheOthersHaltedWaits);

    /** Runs all scenarios inside the class loader of a mutant. Returns what has failed first, or an empty text. */
    public static String firstViolation(long first, int count) {
        for (Consumer<EdgeScenarioTest> scenario : SCENARIOS) {
            try {
                scenario.accept(new EdgeScenarioTest());
            } catch (AssertionError | RuntimeException failure) {
                return String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " in a scenario";
            }
        }
        return "";
    }

    private long logTime(char letter) {
        return scenario.node(letter).machine().logTimeMillis();
    }

    /** Writes, and checks that log time has gone on as time has, with the slack of a tenth and that of an election. */
    private void passesOnLogTime(char writer, double electionTimeouts) {
        scenario.writes(writer, 6);
        long before = logTime(writer);
        long began = scenario.cluster().time.nanos();
        scenario.rest(electionTimeouts);
        scenario.writes(writer, 6);
        long passed = (scenario.cluster().time.nanos() - began) / 1_000_000;
        long logged = logTime(writer) - before;
        assertTrue(logged >= 0.8 * passed && logged <= 1.2 * passed, () -> logged + " ms in " + passed + " ms");
    }

    /** RULES.md SS-2. */
    @Test
    void wrongClocksNeitherStopNorMoveLogTime() {
        passesOnLogTime('C', 10);
        scenario.node('C').wallClockError(HOUR_MILLIS);
        passesOnLogTime('C', 10);
        scenario.node('C').wallClockError(-HOUR_MILLIS);
        passesOnLogTime('C', 10);
    }

    /** Nodes that start again know the log time from their logs, not from their clocks. */
    @Test
    void newLeaderGoesOnWithLogTime() {
        scenario.writes('C', 4);
        long before = logTime('C');
        for (char letter : ALL) {
            scenario.node(letter).crash(true);
            scenario.node(letter).wallClockError(HOUR_MILLIS);
            scenario.node(letter).start();
        }
        scenario.within(10, "a leader", () -> scenario.cluster().leader() != null);
        passesOnLogTime('A', 10);
        assertTrue(logTime('A') - before < HOUR_MILLIS / 10, () -> "log time jumped by " + (logTime('A') - before));
    }

    private long writeSlots(char writer, int count) {
        for (int i = 0; i < count; i++) {
            scenario.writes(writer, 4);
        }
        return scenario.cluster().ghost().chosenPrefix();
    }

    /** The processes are killed, so their disks keep what they know of chosen slots. */
    private void restartWithRot(long slot, List<Character> letters) {
        letters.forEach(letter -> scenario.node(letter).crash(false));
        letters.forEach(letter -> scenario.node(letter).rot(slot));
        letters.forEach(letter -> scenario.node(letter).start());
    }

    private boolean haltsAt(char letter, long slot) {
        String halted = scenario.status(letter).halted();
        return halted != null && halted.contains("slot " + slot + " ");
    }

    /** RULES.md F-17: no node has the slot, so all halt and name it. */
    @Test
    void slotThatAllNodesHaveLostHaltsAllWithItsNumber() {
        long slot = writeSlots('C', 5) - 2;
        scenario.rest(3);
        restartWithRot(slot, ALL);
        scenario.within(30, "the halt", () -> ALL.stream().allMatch(letter -> haltsAt(letter, slot)));
    }

    /** RULES.md F-17: two nodes have lost the slot, and the third knows that it is chosen and never had it. All halt. */
    @Test
    void slotThatAllWhoHadItHaveLostHaltsThem() {
        scenario.onlyLinks("BC");
        long slot = writeSlots('C', 5) - 2;
        scenario.rest(3);
        restartWithRot(slot, List.of('B', 'C'));
        scenario.heal();
        scenario.within(30, "the halt", () -> ALL.stream().allMatch(letter -> haltsAt(letter, slot)));
    }

    /** The first two halt on the answer of the third, which cannot ask them any more. */
    @Test
    void nodeThatComesLateHaltsAsWell() {
        long slot = writeSlots('C', 5) - 2;
        scenario.rest(3);
        scenario.node('A').crash(true);
        scenario.node('A').rot(slot);
        restartWithRot(slot, List.of('B', 'C'));
        scenario.rest(10);
        assertTrue(!haltsAt('B', slot) && !haltsAt('C', slot));
        for (char letter : List.of('B', 'C')) {
            String waitsFor = String.valueOf(scenario.status(letter).waitsFor());
            assertTrue(waitsFor.matches("slot " + slot + "(,.*)? from node .*"), waitsFor);
        }
        scenario.node('A').start();
        scenario.within(30, "the halt", () -> ALL.stream().allMatch(letter -> haltsAt(letter, slot)));
    }

    /** RULES.md F-12: a single sound copy is enough. */
    @Test
    void slotThatOneNodeHasComesBack() {
        long last = writeSlots('C', 5);
        scenario.rest(3);
        restartWithRot(last - 2, List.of('B', 'C'));
        scenario.within(
                30,
                "the repair",
                () -> ALL.stream()
                        .allMatch(
                                letter -> scenario.status(letter).appliedSlot().value() >= last));
        scenario.writes('B', 10);
    }

    private void halt(char letter) {
        LocalReplica replica = (LocalReplica) scenario.node(letter).replica();
        replica.halt(new ReplicaHaltedException("halted by the test", null));
    }

    /** A replica whose peers have halted waits for them, and takes no ballots. */
    @Test
    void replicaWithoutAQuorumOfReplicasWaits() {
        scenario.writes('C', 4);
        halt('C');
        halt('B');
        scenario.rest(5);
        long ballot = scenario.status('A').ballot().round();
        scenario.rest(100);
        assertEquals(ballot, scenario.status('A').ballot().round());
        assertEquals(Role.FOLLOWER, scenario.status('A').role());

        scenario.node('B').crash(false);
        scenario.node('B').start();
        scenario.writes('A', 10);
    }

    /** The same if the waiting replica starts after the others have halted, and so hears nothing of them. */
    @Test
    void replicaThatStartsAfterTheOthersHaltedWaits() {
        scenario.writes('C', 4);
        halt('C');
        halt('B');
        scenario.rest(5);
        scenario.node('A').crash(false);
        scenario.node('A').start();
        scenario.rest(10);
        long ballot = scenario.status('A').ballot().round();
        scenario.rest(100);
        assertEquals(ballot, scenario.status('A').ballot().round());
        TreeSet<NodeId> halted = new TreeSet<>(List.of(scenario.id('B'), scenario.id('C')));
        assertEquals(
                "a quorum: no contact with []; halted or not open at " + halted,
                scenario.status('A').waitsFor());
        scenario.node('B').crash(false);
        scenario.node('B').start();
        scenario.writes('A', 10);
        assertNull(scenario.status('A').waitsFor());
    }
}
