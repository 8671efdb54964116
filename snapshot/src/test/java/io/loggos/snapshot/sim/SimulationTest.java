package io.loggos.snapshot.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.sim.Outcome;
import io.loggos.testkit.sim.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Takes snapshots of whole clusters from seeds: the same ones each time, and fresh ones that are printed. See {@link Seeds}. */
class SimulationTest {
    private static final int FIXED = 600;

    /** Events that have to happen in some of the fixed seeds. */
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
            "lost: a node was lost before its part was visible",
            "no snapshot outside a primary view",
            "the work was found to be done",
            "two initiators at once",
            "two snapshots of one initiator at once");

    @Test
    void fixedSeedsHoldAllPredicates() {
        SimRun.SEEDS.fixed(FIXED).ifPresent(SimulationTest::everythingHappens);
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        SimRun.SEEDS.fresh(60);
    }

    @Test
    void aRunIsAFunctionOfItsSeed() {
        assertEquals(SimRun.SEEDS.run(7), SimRun.SEEDS.run(7));
    }

    private static void everythingHappens(Outcome outcome) {
        for (String event : SOMETIMES) {
            assertTrue(outcome.count(event) > 0, () -> "it never happens: " + event);
        }
    }
}
