package io.loggos.paxos.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/**
 * Global snapshots of whole nodes, from seeds: all that ships runs, the store and the groups included. {@code -Dsim.seed=N}
 * runs one seed alone, {@code -Dsim.trace=full} prints its trace, {@code -Dsim.seeds=N} sets how many fresh ones.
 */
class SnapshotSimulationTest {
    private static final int FIXED = 40;

    @Test
    void fixedSeedsHoldAllPredicates() {
        Long one = Long.getLong("sim.seed");
        if (one != null) {
            System.out.println("seed " + one + ": " + SnapshotRun.run(one, System.getProperty("sim.trace") != null));
            return;
        }
        run("fixed", 0, FIXED);
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        if (Long.getLong("sim.seed") == null) {
            run("fresh", new SecureRandom().nextLong() & 0x7FFF_FFFF_FFFFL, Integer.getInteger("sim.seeds", 10));
        }
    }

    private static void run(String name, long first, int count) {
        long start = System.nanoTime();
        long complete = 0;
        long failed = 0;
        long purses = 0;
        long tokens = 0;
        long messages = 0;
        System.out.println(name + " seeds " + first + " to " + (first + count - 1));
        for (long seed = first; seed < first + count; seed++) {
            SnapshotRun.Outcome outcome = SnapshotRun.run(seed, false);
            complete += outcome.complete();
            failed += outcome.failed();
            purses += outcome.purses();
            tokens += outcome.tokensInChannels();
            messages += outcome.messagesInChannels();
        }
        System.out.printf(
                "%s: %d seeds, %.1f/s; %d snapshots complete, %d failed, %d with purses of one view, %d tokens and %d"
                        + " messages in channels%n",
                name, count, count / ((System.nanoTime() - start) / 1e9), complete, failed, purses, tokens, messages);
        assertTrue(
                complete > 2L * count && tokens > 0 && messages > 0, "snapshots were taken, with something in flight");
    }
}
