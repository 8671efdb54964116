package io.loggos.snapshot.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.NodeId;
import io.loggos.snapshot.testkit.CutBuilder;
import io.loggos.snapshot.testkit.CutBuilder.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects of two nodes; states and messages are written as in {@link HeapWorld}. */
class OrphansTest {
    private static final Orphans<String> ORPHANS = new Orphans<>(
            Computation.of(List.of(NodeId.of(1), NodeId.of(2)), "heap", "talk"),
            HeapWorld::references,
            HeapWorld::named);

    private static CutBuilder cut(String one, String two) {
        return new CutBuilder(2).group("talk").state(1, "heap", one).state(2, "heap", two);
    }

    @Test
    void circleOverTwoNodesThatNoRootReaches() {
        assertEquals(
                Optional.of(Map.of("b", NodeId.of(1), "c", NodeId.of(2))),
                ORPHANS.find(cut("roots a\na\nb c", "roots\nc b").build()));
    }

    @Test
    void whatARootOfAnotherNodeReachesIsNone() {
        assertEquals(
                Optional.empty(),
                ORPHANS.find(cut("roots\na\nb c", "roots b\nc a").build()));
    }

    @Test
    void whatAMessageRefersToIsNone() {
        CutBuilder cut = cut("roots\nb c", "roots\nc b");

        assertEquals(
                Optional.empty(),
                ORPHANS.find(cut.inFlight("talk", 1, 2, "c", Place.QUEUED).build()));
    }

    @Test
    void notIfTheCutDoesNotShowAll() {
        CutBuilder cut = cut("roots\nb c", "roots\nc b");

        assertEquals(Optional.empty(), ORPHANS.find(cut.without(2)));
        assertEquals(Optional.empty(), ORPHANS.find(cut.nextView(1, "talk").build()));
    }
}
