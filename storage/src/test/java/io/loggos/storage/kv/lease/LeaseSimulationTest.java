package io.loggos.storage.kv.lease;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Runs of {@link LeaseSimulation}. {@code -Dlease.seed=} runs one seed alone. */
class LeaseSimulationTest {
    private static final int SEEDS = 40;

    @Test
    void leasesExpireAsTheLogSaysNeverEarlyAndNotLate() {
        long only = Long.getLong("lease.seed", 0);
        int expiries = 0;
        for (long seed = only == 0 ? 1 : only; seed <= (only == 0 ? SEEDS : only); seed++) {
            try {
                expiries += LeaseSimulation.run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dlease.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(expiries > (only == 0 ? SEEDS * 10 : 0), "only " + expiries + " leases have expired");
    }
}
