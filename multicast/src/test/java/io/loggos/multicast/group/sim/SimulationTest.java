package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Runs whole groups from seeds: the same ones each time, and fresh ones that are printed. {@code -Dsim.seed=N} runs one seed
 * alone, {@code -Dsim.trace=full} prints its trace, {@code -Dsim.seeds=N} sets how many fresh ones and {@code -Dsim.first=N}
 * the first of them.
 */
class SimulationTest {
    private static final int FIXED = 1000;

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
        214_382
    };

    @Test
    void fixedSeedsHoldAllPredicates() {
        Long one = Long.getLong("sim.seed");
        if (one != null) {
            System.out.println("seed " + one + ": " + SimRun.run(one));
            return;
        }
        run("fixed", 0, FIXED);
    }

    @Test
    void seedsThatHaveFoundSomethingHoldAllPredicates() {
        for (long seed : FINDERS) {
            SimRun.run(seed);
        }
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        if (Long.getLong("sim.seed") == null) {
            long first = Long.getLong("sim.first", new SecureRandom().nextLong() & 0x7FFF_FFFF_FFFFL);
            run("fresh", first, Integer.getInteger("sim.seeds", 100));
        }
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        assertEquals(SimRun.run(7), SimRun.run(7));
    }

    private static void run(String name, long first, int count) {
        long start = System.nanoTime();
        Map<String, Long> notes = new TreeMap<>();
        long turns = 0;
        long sent = 0;
        long delivered = 0;
        long views = 0;
        long rest = 0;
        System.out.println(name + " seeds " + first + " to " + (first + count - 1));
        for (long seed = first; seed < first + count; seed++) {
            SimRun.Outcome outcome = SimRun.run(seed);
            turns += outcome.turns();
            sent += outcome.sent();
            delivered += outcome.delivered();
            views += outcome.views();
            rest = Math.max(rest, outcome.restNanos());
            outcome.notes().forEach((note, times) -> notes.merge(note, times, Long::sum));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s: %d seeds, %.1f/s; %d turns, %d sent, %d delivered, %d views, rest after %d ms at most; %s%n",
                name, count, count / seconds, turns, sent, delivered, views, rest / 1_000_000, notes);
        assertTrue(delivered > 100L * count, "the applications were given messages");
    }
}
