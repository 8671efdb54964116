package io.loggos.snapshot.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Takes snapshots of whole clusters from seeds: the same ones each time, and fresh ones that are printed. {@code -Dsim.seed=N}
 * runs one seed alone, {@code -Dsim.trace=full} prints its trace, {@code -Dsim.seeds=N} sets how many fresh ones.
 */
class SimulationTest {
    private static final int FIXED = 600;

    /** What has to happen in some of the fixed seeds. */
    private static final List<String> SOMETIMES = List.of(
            "a channel with a message",
            "a channel with a message about snapshots",
            "a live node is excluded",
            "a marker came over a link that was resumed",
            "a multicast is dropped at the end of its view",
            "a part is made visible",
            "a write failed",
            "aborted: a part could not be fetched",
            "aborted: a state machine was closed",
            "aborted: it was not complete before its deadline",
            "aborted: n: it is in another view",
            "aborted: n: its marker came late",
            "aborted: n: something is being restored",
            "aborted: n: the link between n and n was interrupted",
            "aborted: the link between n and n was interrupted",
            "aborted: the marker to n is not the next message on its channel, or there is none",
            "aborted: the view of the nodes has changed",
            "complete is delivered while a node is paused",
            "late marker",
            "no snapshot outside a primary view",
            "the work was found to be done",
            "two initiators at once",
            "two snapshots of one initiator at once");

    @Test
    void fixedSeedsHoldAllPredicates() {
        Long one = Long.getLong("sim.seed");
        if (one != null) {
            System.out.println("seed " + one + ": " + SimRun.run(one));
            return;
        }
        Map<String, Long> notes = run("fixed", 0, FIXED);
        for (String note : SOMETIMES) {
            assertTrue(notes.containsKey(note), () -> "it never happens: " + note);
        }
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        if (Long.getLong("sim.seed") == null) {
            run("fresh", new SecureRandom().nextLong() & 0x7FFF_FFFF_FFFFL, Integer.getInteger("sim.seeds", 60));
        }
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        assertEquals(SimRun.run(7), SimRun.run(7));
    }

    private static Map<String, Long> run(String name, long first, int count) {
        long start = System.nanoTime();
        Map<String, Long> notes = new TreeMap<>();
        long turns = 0;
        System.out.println(name + " seeds " + first + " to " + (first + count - 1));
        for (long seed = first; seed < first + count; seed++) {
            SimRun.Outcome outcome = SimRun.run(seed);
            turns += outcome.turns();
            outcome.notes().forEach((note, times) -> notes.merge(note, times, Long::sum));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%s: %d seeds, %.1f/s; %d turns%n", name, count, count / seconds, turns);
        notes.forEach((note, times) -> System.out.printf("%8d %s%n", times, note));
        return notes;
    }
}
