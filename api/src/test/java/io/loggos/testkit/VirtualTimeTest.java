package io.loggos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void eventsRunByTimeAndThenInTheOrderInWhichTheyWereScheduled() {
        List<String> ran = new ArrayList<>();
        time.at(20, () -> ran.add("third"));
        time.at(10, () -> {
            ran.add("first");
            time.after(-1, () -> ran.add("second"));
        });
        time.runUntil(30);
        assertEquals(List.of("first", "second", "third"), ran);
        assertEquals(30, time.nanos());
    }

    @Test
    void eventsThatMakeTimeStandStillEndTheRun() {
        time.at(7, this::again);
        assertEquals(
                "time stands still at 7 ns",
                assertThrows(IllegalStateException.class, () -> time.runUntil(8))
                        .getMessage());
    }

    private void again() {
        time.after(0, this::again);
    }
}
