package io.loggos.multicast.group.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LifeNumbersTest {
    /** A member of the later start must not be taken for the one of the earlier start. */
    @Test
    void startsRiseThoughTheWallClockIsSetBack() {
        LifeNumbers first = new LifeNumbers(LifeNumbers.ofProcess(1_000_000, 7, 0));
        long last = first.next();
        assertTrue(LifeNumbers.ofProcess(49_000, 3, last) > last);
        assertTrue(LifeNumbers.ofProcess(1_000_000, 0, last) > last);
    }

    @Test
    void startsFollowTheWallClockOtherwise() {
        long before = LifeNumbers.ofProcess(1_000, 0, 0);
        assertEquals(LifeNumbers.ofProcess(2_000, 5, 0), LifeNumbers.ofProcess(2_000, 5, before));
    }
}
