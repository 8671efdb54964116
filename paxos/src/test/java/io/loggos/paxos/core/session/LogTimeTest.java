package io.loggos.paxos.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RULES.md SS-2: log time goes on at the rate of the leader's monotonic clock, whatever its wall clock reads. */
class LogTimeTest {
    private static final long MILLI = 1_000_000;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long WALL = 1_767_225_600_000L;

    private final LogTime time = new LogTime();

    /** Only the first stamp of a log is a reading of a wall clock. */
    @Test
    void firstStampOfALogIsTheWallClock() {
        time.takeOver(1, 500);
        assertEquals(WALL, time.stamp(1_000, WALL));
    }

    @Test
    void clockThatJumpsAheadMovesNothing() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        assertEquals(WALL, time.stamp(0, WALL + HOUR_MILLIS));

        long second = time.stamp(1_000 * MILLI, WALL + HOUR_MILLIS);
        assertEquals(WALL + 1_100, second);
    }

    @Test
    void clockThatJumpsBackDoesNotStopLogTime() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        assertEquals(WALL + 900, time.stamp(1_000 * MILLI, WALL - HOUR_MILLIS));
    }

    /** The slack is a part of the time that has passed, however many stamps are taken in it. */
    @Test
    void slackDoesNotGrowWithTheNumberOfStamps() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        long last = WALL;
        for (int i = 1; i <= 1_000_000; i++) {
            last = time.stamp(i * 1_000L, WALL + HOUR_MILLIS);
        }
        assertTrue(last >= WALL + 1_000 && last <= WALL + 1_100, () -> "one second took " + (time.stamp(0, 0) - WALL));
    }

    @Test
    void rightClockIsFollowed() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        for (int second = 1; second <= 100; second++) {
            assertEquals(WALL + second * 1_000L, time.stamp(second * 1_000 * MILLI, WALL + second * 1_000L));
        }
        assertEquals(WALL + HOUR_MILLIS, time.stamp(HOUR_MILLIS * MILLI, WALL + HOUR_MILLIS));
    }

    @Test
    void differenceToTheWallClockShrinks() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        for (int second = 1; second <= 20; second++) {
            time.stamp(second * 1_000 * MILLI, WALL + 1_000 + second * 1_000L);
        }
        assertEquals(WALL + 22_000, time.stamp(21_000 * MILLI, WALL + 22_000));
    }

    /** A new leader does not know the log time before its ballot until it has applied the slots before its ballot. */
    @Test
    void newLeaderGoesOnFromTheLogTimeOfEarlierBallots() {
        time.applied(3, WALL - 50);
        time.takeOver(6, 0);
        assertEquals(0, time.stamp(100 * MILLI, WALL + HOUR_MILLIS));

        time.applied(5, WALL);
        assertEquals(WALL + 550, time.stamp(500 * MILLI, WALL + HOUR_MILLIS));
    }

    /** The time of a leadership that is over does not count. */
    @Test
    void eachLeadershipBeginsAnew() {
        time.takeOver(1, 0);
        time.stamp(0, WALL);
        time.applied(7, WALL + 5_000);
        time.takeOver(8, 10_000 * MILLI);
        assertEquals(WALL + 5_000, time.stamp(10_000 * MILLI, WALL));
    }
}
