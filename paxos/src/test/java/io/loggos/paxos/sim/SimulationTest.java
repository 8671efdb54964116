package io.loggos.paxos.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Runs whole clusters from seeds: the same ones each time, and fresh ones that are printed. {@code -Dsim.seed=N}
 * runs one seed alone, {@code -Dsim.trace=full} prints its trace, {@code -Dsim.seeds=N} sets how many fresh ones.
 */
class SimulationTest {
    private static final int FIXED = 300;

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
    void freshSeedsHoldAllPredicates() {
        if (Long.getLong("sim.seed") == null) {
            run("fresh", new SecureRandom().nextLong() & 0x7FFF_FFFF_FFFFL, Integer.getInteger("sim.seeds", 60));
        }
    }

    private static void run(String name, long first, int count) {
        long start = System.nanoTime();
        Map<String, Long> notes = new TreeMap<>();
        long events = 0;
        long answered = 0;
        long slots = 0;
        System.out.println(name + " seeds " + first + " to " + (first + count - 1));
        for (long seed = first; seed < first + count; seed++) {
            SimRun.Outcome outcome = SimRun.run(seed);
            events += outcome.events();
            answered += outcome.answered();
            slots += outcome.slots();
            outcome.notes().forEach((note, times) -> notes.merge(note, times, Long::sum));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s: %d seeds, %.1f/s; %d events, %d slots, %d answers; %s%n",
                name, count, count / seconds, events, slots, answered, notes);
        assertTrue(answered > count, "the clients were answered");
    }
}
