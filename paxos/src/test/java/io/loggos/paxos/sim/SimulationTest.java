package io.loggos.paxos.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.sim.Outcome;
import io.loggos.testkit.sim.Seeds;
import org.junit.jupiter.api.Test;

/** Runs whole clusters from seeds: the same ones each time, and fresh ones that are printed. See {@link Seeds}. */
class SimulationTest {
    @Test
    void fixedSeedsHoldAllPredicates() {
        SimRun.SEEDS.fixed(300).ifPresent(SimulationTest::clientsWereAnswered);
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        SimRun.SEEDS.fresh(60).ifPresent(SimulationTest::clientsWereAnswered);
    }

    private static void clientsWereAnswered(Outcome outcome) {
        assertTrue(outcome.count("answers") > outcome.runs(), outcome::toString);
        assertTrue(outcome.count("replicas that agree") > outcome.runs(), outcome::toString);
    }
}
