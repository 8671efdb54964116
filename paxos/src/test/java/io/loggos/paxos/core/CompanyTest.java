package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CompanyTest {
    private static final long SLOT = 400;

    private static final long MOST = 10 * SLOT;

    private final Company company = new Company(MOST);
    private long now;

    @Test
    void loneCallerNeverWaits() {
        for (int i = 0; i < 10; i++) {
            assertTrue(company.isComplete(1, now));
            slot(1);
            assertFalse(company.isComplete(0, now), "nobody is back yet");
            now += 1_000_000 * i;
        }
    }

    @Test
    void waitsForAsManyAsThereWere() {
        slot(64);
        assertFalse(company.isComplete(25, now));
        now += SLOT / 4 - 1;
        assertFalse(company.isComplete(63, now));
        assertTrue(company.isComplete(64, now));
        assertTrue(company.isComplete(65, now));
    }

    @Test
    void waitsForAPartOfASlotAtTheMost() {
        slot(64);
        assertFalse(company.isComplete(25, now));
        now += SLOT / 4;
        assertTrue(company.isComplete(25, now));
    }

    /** A slot may have waited for a majority to come back. */
    @Test
    void slotThatTookForEverLetsNobodyWaitForLong() {
        company.proposed(now);
        company.chosen(64);
        now += 1_000 * SLOT;
        assertFalse(company.isComplete(25, now));
        now += MOST;
        assertTrue(company.isComplete(25, now));
    }

    @Test
    void waitBeginsWhenAllIsAppliedAndNotWhenSomebodyComes() {
        slot(64);
        assertFalse(company.isComplete(0, now));
        now += 1_000_000;
        assertTrue(company.isComplete(1, now), "the others have gone long ago");
    }

    @Test
    void waitsInVainBecomeRare() {
        int waits = 0;
        for (int i = 0; i < 1_000; i++) {
            slot(2);
            if (!company.isComplete(1, now)) {
                waits++;
                now += SLOT / 4;
                assertTrue(company.isComplete(1, now));
            }
        }
        assertEquals(5 + (1_000 - 62) / 64, waits, 1, "after 1, 3, 7, 15, 31 and then each 63");
    }

    @Test
    void waitsAgainOnceThatPays() {
        for (int i = 0; i < 200; i++) {
            slot(2);
            company.isComplete(1, now);
            now += SLOT / 4;
            company.isComplete(1, now);
        }
        for (int i = 0; i < 70; i++) {
            slot(2);
            company.isComplete(2, now);
        }
        slot(2);
        assertFalse(company.isComplete(1, now));
    }

    /** Proposes a batch, which is applied while this number of callers waits. */
    private void slot(int callers) {
        company.proposed(now);
        company.chosen(callers);
        now += SLOT;
    }
}
