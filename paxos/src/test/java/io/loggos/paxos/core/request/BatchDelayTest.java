package io.loggos.paxos.core.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchDelayTest {
    private static final long SLOT = 400;

    private static final long MOST = 10 * SLOT;

    private final BatchDelay batchDelay = new BatchDelay(MOST);
    private long now;

    @Test
    void loneCallerNeverWaits() {
        for (int i = 0; i < 10; i++) {
            assertTrue(batchDelay.isComplete(1, now));
            slot(1);
            assertFalse(batchDelay.isComplete(0, now), "nobody is back yet");
            now += 1_000_000 * i;
        }
    }

    @Test
    void waitsForAsManyAsThereWere() {
        slot(64);
        assertFalse(batchDelay.isComplete(25, now));
        now += SLOT / 4 - 1;
        assertFalse(batchDelay.isComplete(63, now));
        assertTrue(batchDelay.isComplete(64, now));
        assertTrue(batchDelay.isComplete(65, now));
    }

    @Test
    void waitsForAPartOfASlotAtTheMost() {
        slot(64);
        assertFalse(batchDelay.isComplete(25, now));
        now += SLOT / 4;
        assertTrue(batchDelay.isComplete(25, now));
    }

    /** A slot may have waited for a majority to come back. */
    @Test
    void slotThatTookForEverLetsNobodyWaitForLong() {
        batchDelay.proposed(now);
        batchDelay.chosen(64);
        now += 1_000 * SLOT;
        assertFalse(batchDelay.isComplete(25, now));
        now += MOST;
        assertTrue(batchDelay.isComplete(25, now));
    }

    @Test
    void waitBeginsWhenAllIsAppliedAndNotWhenSomebodyComes() {
        slot(64);
        assertFalse(batchDelay.isComplete(0, now));
        now += 1_000_000;
        assertTrue(batchDelay.isComplete(1, now), "the others have gone long ago");
    }

    @Test
    void waitsInVainBecomeRare() {
        int waits = 0;
        for (int i = 0; i < 1_000; i++) {
            slot(2);
            if (!batchDelay.isComplete(1, now)) {
                waits++;
                now += SLOT / 4;
                assertTrue(batchDelay.isComplete(1, now));
            }
        }
        assertEquals(5 + (1_000 - 62) / 64, waits, 1, "after 1, 3, 7, 15, 31 and then each 63");
    }

    @Test
    void waitsAgainOnceThatPays() {
        for (int i = 0; i < 200; i++) {
            slot(2);
            batchDelay.isComplete(1, now);
            now += SLOT / 4;
            batchDelay.isComplete(1, now);
        }
        for (int i = 0; i < 70; i++) {
            slot(2);
            batchDelay.isComplete(2, now);
        }
        slot(2);
        assertFalse(batchDelay.isComplete(1, now));
    }

    /** Proposes a batch, which is applied while this number of callers waits. */
    private void slot(int callers) {
        batchDelay.proposed(now);
        batchDelay.chosen(callers);
        now += SLOT;
    }
}
