package io.loggos.snapshot.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.snapshot.testkit.CutBuilder;
import io.loggos.snapshot.testkit.CutBuilder.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a computation of two nodes, one cut at a time. */
class TerminationTest {
    private static final Computation BOTH = Computation.of(List.of(NodeId.of(1), NodeId.of(2)), "worker", "work");
    private static final Termination END = new Termination(
            BOTH,
            state -> state.equals(Bytes.utf8("timer")) ? new Activity(true, 1) : new Activity(state.isEmpty(), 0));

    private static CutBuilder passive() {
        return new CutBuilder(2).group("work").state(1, "worker", "").state(2, "worker", "");
    }

    private static void assertNotFound(GlobalSnapshot cut) {
        assertEquals(Optional.empty(), END.find(cut));
    }

    @Test
    void allArePassiveAndNothingIsInFlight() {
        assertEquals(Optional.of(BOTH), END.find(passive().build()));
    }

    @Test
    void notWhileOneIsActiveOrWaitsForATimer() {
        assertNotFound(passive().state(2, "worker", "busy").build());
        assertNotFound(passive().state(1, "worker", "timer").build());
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void notWhileWorkIsInFlight(Place place) {
        GlobalSnapshot cut = passive().inFlight("work", 1, 2, "task", place).build();

        assertNotFound(cut);
        assertEquals(
                Optional.of(BOTH),
                new Termination(BOTH, END.activity(), message -> !message.equals(Bytes.utf8("task"))).find(cut));
    }

    @Test
    void othersDoNotMatter() {
        CutBuilder cut = new CutBuilder(3).group("work").group("chat");
        cut.state(1, "worker", "")
                .state(2, "worker", "")
                .state(3, "worker", "busy")
                .state(1, "clerk", "busy");

        assertEquals(
                Optional.of(BOTH),
                END.find(cut.inFlight("chat", 1, 2, "hello", Place.HELD).build()));
    }

    @Test
    void notIfTheCutDoesNotShowAll() {
        assertNotFound(passive().without(2));
        assertNotFound(new CutBuilder(2).group("work").state(1, "worker", "").build());
        assertNotFound(passive().without(2, "work").build());
        assertNotFound(passive().nextView(2, "work").build());
        CutBuilder three =
                new CutBuilder(3).group("work").state(1, "worker", "").state(2, "worker", "");
        assertNotFound(three.without(3));
    }

    @Test
    void aComputationHasNodesAndGroups() {
        assertThrows(IllegalArgumentException.class, () -> Computation.of(List.of(), "worker", "work"));
        assertThrows(IllegalArgumentException.class, () -> Computation.of(List.of(NodeId.of(1)), "worker"));
    }
}
