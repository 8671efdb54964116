package io.loggos.paxos.sim.snapshot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.sim.Outcome;
import io.loggos.testkit.sim.Seeds;
import org.junit.jupiter.api.Test;

/** Global snapshots of whole nodes, from seeds: all that ships runs, the store and the groups included. See {@link Seeds}. */
class SnapshotSimulationTest {
    @Test
    void fixedSeedsHoldAllPredicates() {
        SnapshotRun.SEEDS.fixed(14).ifPresent(SnapshotSimulationTest::somethingWasInFlight);
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        SnapshotRun.SEEDS.fresh(4).ifPresent(SnapshotSimulationTest::somethingWasInFlight);
    }

    private static void somethingWasInFlight(Outcome outcome) {
        assertTrue(outcome.count("snapshots complete") > 2 * outcome.runs(), outcome::toString);
        assertTrue(outcome.count("snapshots with an order") > outcome.runs(), outcome::toString);
        assertTrue(outcome.count("messages restored") > 0, outcome::toString);
        assertTrue(outcome.count("tokens in channels") > 0, outcome::toString);
        assertTrue(outcome.count("messages in channels") > 0, outcome::toString);
    }
}
