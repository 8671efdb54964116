package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.sim.Outcome;
import io.loggos.testkit.sim.Seeds;
import org.junit.jupiter.api.Test;

/** Runs whole groups from seeds: the same ones each time, and fresh ones that are printed. See {@link Seeds}. */
class SimulationTest {
    private static final int FIXED = 500;

    /** Seeds that have found something, oldest first. */
    private static final long[] FINDERS = {
        119_664_628_792_577L,
        119_664_628_794_735L,
        1_383,
        40_735,
        74_592,
        77_707,
        101_454,
        109_034,
        136_622,
        137_669,
        214_382,
        6_600_999,
        6_601_067
    };

    @Test
    void fixedSeedsHoldAllPredicates() {
        SimRun.SEEDS.fixed(FIXED).ifPresent(SimulationTest::applicationsWereGivenMessages);
    }

    @Test
    void seedsThatHaveFoundSomethingHoldAllPredicates() {
        for (long seed : FINDERS) {
            SimRun.SEEDS.run(seed);
        }
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        SimRun.SEEDS.fresh(100).ifPresent(SimulationTest::applicationsWereGivenMessages);
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        assertEquals(SimRun.SEEDS.run(7), SimRun.SEEDS.run(7));
    }

    private static void applicationsWereGivenMessages(Outcome outcome) {
        assertTrue(outcome.count("delivered") > 100 * outcome.runs(), outcome::toString);
    }
}
