package io.loggos.snapshot.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.snapshot.testkit.CutBuilder;
import io.loggos.snapshot.testkit.CutBuilder.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two processes on two nodes; states and messages are written as in {@link LockWorld}. */
class DeadlockTest {
    private static final Deadlock<Integer, Integer> DEADLOCK = new Deadlock<>(
            Computation.of(List.of(NodeId.of(1), NodeId.of(2)), "locks", "talk"),
            LockWorld::claims,
            LockWorld::message);

    private static CutBuilder cut(String one, String two) {
        return new CutBuilder(2).group("talk").state(1, "locks", one).state(2, "locks", two);
    }

    private static String found(GlobalSnapshot cut) {
        return DEADLOCK.find(cut).map(Cycle::toString).orElse("");
    }

    @Test
    void eachHoldsWhatTheOtherWaitsFor() {
        assertEquals(
                "1 (n1) waits for 8, held by 2" + System.lineSeparator() + "2 (n2) waits for 7, held by 1",
                found(cut("held 1 7\nawaited 1 8", "held 2 8\nawaited 2 7").build()));
    }

    @Test
    void oneWhoWaitsForItselfIsInACycleOfOne() {
        assertEquals(
                "1 (n1) waits for 7, held by 1",
                found(cut("held 1 7\nawaited 1 7", "").build()));
    }

    @Test
    void nobodyWaitsForWhoGoesOn() {
        assertEquals("", found(cut("held 1 7\nawaited 1 8", "held 2 8").build()));
        assertEquals("", found(cut("held 1 7\nawaited 1 8", "awaited 2 7").build()));
    }

    @Test
    void requestOnItsWayIsAWait() {
        assertEquals(
                "1 (n1) waits for 8, held by 2" + System.lineSeparator()
                        + "2 (n2) waits for 7, held by 1; the request is on its way from n2 to n1",
                found(cut("held 1 7\nawaited 1 8", "held 2 8")
                        .inFlight("talk", 2, 1, "REQUEST 2 7", Place.ON_THE_WAY)
                        .build()));
    }

    @Test
    void grantOnItsWayGives() {
        assertEquals(
                "1 (n1) waits for 8, held by 2; the grant to 2 is on its way from n1 to n2" + System.lineSeparator()
                        + "2 (n2) waits for 7, held by 1",
                found(cut("held 1 7\nawaited 1 8", "awaited 2 8\nawaited 2 7")
                        .inFlight("talk", 1, 2, "GRANT 2 8", Place.QUEUED)
                        .build()));
        assertEquals(
                "",
                found(cut("held 1 7\nawaited 1 8", "held 2 8\nawaited 2 7")
                        .inFlight("talk", 1, 2, "GRANT 2 7", Place.HELD)
                        .state(1, "locks", "awaited 1 8")
                        .build()));
    }

    @Test
    void releaseOnItsWayTakes() {
        assertEquals(
                "",
                found(cut("held 1 7\nawaited 1 8\nheld 2 8\nawaited 2 7", "")
                        .inFlight("talk", 2, 1, "RELEASE 2 8", Place.HELD)
                        .build()));
    }

    @Test
    void notIfTheCutDoesNotShowAll() {
        CutBuilder circle = cut("held 1 7\nawaited 1 8\nheld 2 8\nawaited 2 7", "");

        assertEquals("", found(circle.without(2)));
        assertEquals("", found(circle.nextView(2, "talk").build()));
    }

    @Test
    void twoHoldersOfOneResourceAreAMistake() {
        GlobalSnapshot cut = cut("held 1 7", "held 2 7").build();

        assertEquals(
                "7 is held by both 1 and 2",
                assertThrows(IllegalStateException.class, () -> DEADLOCK.find(cut))
                        .getMessage());
    }

    @Test
    void confirmedIsWhatStandsInBoth() {
        String one = "held 1 7\nawaited 1 8";
        String two = "held 2 8\nawaited 2 7";
        String other = "held 3 8\nawaited 3 7";
        GlobalSnapshot first = cut(one, two).id(1, 1).build();

        assertEquals(
                DEADLOCK.find(first),
                DEADLOCK.confirmed(first, cut(one, two).id(1, 2).build()));
        assertEquals(
                Optional.empty(),
                DEADLOCK.confirmed(first, cut(one, other).id(1, 2).build()));
        assertThrows(IllegalArgumentException.class, () -> DEADLOCK.confirmed(first, first));
    }
}
