package io.loggos.storage.kv.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Runs of {@link AccessSimulation}. {@code -Daccess.seed=} runs one seed alone. */
class AccessSimulationTest {
    private static final int SEEDS = 40;

    @Test
    void decisionsAreThoseOfTheModel() {
        long only = Long.getLong("access.seed", 0);
        int refusals = 0;
        for (long seed = only == 0 ? 1 : only; seed <= (only == 0 ? SEEDS : only); seed++) {
            try {
                refusals += AccessSimulation.run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Daccess.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(refusals > (only == 0 ? SEEDS * 20 : 0), "only " + refusals + " refusals");
    }
}
