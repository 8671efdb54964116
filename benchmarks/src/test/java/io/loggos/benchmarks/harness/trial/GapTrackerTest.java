package io.loggos.benchmarks.harness.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GapTrackerTest {
    private final GapTracker gaps = new GapTracker(100);

    @Test
    void theLongestOfThoseThatEndedIsSeenWithItsBeginning() {
        gaps.event(110);
        gaps.event(150);
        gaps.event(160);
        assertEquals(new GapTracker.Seen(3, 40, 110), gaps.take(165));
    }

    @Test
    void aGapThatIsOpenCountsAsFarAsItGoes() {
        gaps.event(110);
        assertEquals(new GapTracker.Seen(1, 90, 110), gaps.take(200));
    }

    @Test
    void aGapThatSpansALookCountsInFullWhenItEnds() {
        gaps.event(110);
        gaps.take(200);
        gaps.event(300);
        gaps.event(310);
        assertEquals(new GapTracker.Seen(2, 190, 110), gaps.take(310));
    }

    @Test
    void lookingStartsTheCountAnew() {
        gaps.event(190);
        gaps.take(190);
        gaps.event(200);
        assertEquals(new GapTracker.Seen(1, 10, 190), gaps.take(205));
    }

    @Test
    void restartingForgetsTheGapThatIsOpen() {
        gaps.event(110);
        gaps.restart(500);
        assertEquals(new GapTracker.Seen(0, 20, 500), gaps.take(520));
    }

    @Test
    void threadsThatComeLateDoNotMakeTimeGoBack() {
        gaps.event(200);
        gaps.event(190);
        gaps.event(210);
        assertEquals(new GapTracker.Seen(3, 100, 100), gaps.take(210));
    }
}
