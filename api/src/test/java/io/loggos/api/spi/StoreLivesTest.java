package io.loggos.api.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StoreLivesTest {
    private static StoreLives lives(long... idsAndBeginnings) {
        StoreLives lives = new StoreLives(List.of());
        for (int i = 0; i < idsAndBeginnings.length; i += 2) {
            lives = lives.with(lives.next(idsAndBeginnings[i], idsAndBeginnings[i + 1]));
        }
        return lives;
    }

    private static WriteMark mark(long life, long writes) {
        return new WriteMark(1, life, writes);
    }

    @Test
    void aLifeEndsWhereTheNextBegins() {
        StoreLives lives = lives(71, 0, 72, 10, 73, 15);
        assertTrue(lives.hold(mark(71, 10), 20));
        assertFalse(lives.hold(mark(71, 11), 20));
        assertTrue(lives.hold(mark(72, 15), 20));
        assertFalse(lives.hold(mark(72, 16), 20));
    }

    @Test
    void thePresentLifeEndsAtWhatIsSynced() {
        StoreLives lives = lives(71, 0, 72, 10);
        assertTrue(lives.hold(mark(72, 20), 20));
        assertFalse(lives.hold(mark(72, 21), 20));
    }

    @Test
    void aLifeThatTheStoreNeverHadIsLost() {
        assertFalse(lives(71, 0, 72, 10).hold(mark(73, 1), 20));
        assertTrue(lives(71, 0).hold(WriteMark.NONE, 20), "nothing was told");
    }

    @Test
    void aLifeThatIsTooOldIsLostOnlyIfItEndedLaterThanTheOldestKnown() {
        StoreLives lives = new StoreLives(List.of());
        for (int i = 0; i <= StoreLives.KEPT; i++) {
            lives = lives.with(lives.next(1_000 + i, 10L * i));
        }
        assertEquals(StoreLives.KEPT, lives.lives().size());
        assertTrue(lives.hold(mark(1_000, 10), 9_999));
        assertFalse(lives.hold(mark(1_000, 11), 9_999));
        assertTrue(lives.hold(mark(1_001, 20), 9_999));
    }

    /**
     * Lives that write, sync, tell and crash in random order. A store that keeps what it synced holds every mark that it
     * told. A copy put back later holds exactly those that were told before it was made.
     */
    @Test
    void soundStoresHoldEveryMarkAndCopiesHoldNoLaterOne() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StoreLives lives = new StoreLives(List.of());
            List<WriteMark> told = new ArrayList<>();
            StoreLives copy = null;
            long copyWrites = 0;
            int toldBeforeCopy = 0;
            long synced = 0;
            int starts = random.nextInt(2, 12);
            for (int life = 1; life <= starts; life++) {
                lives = lives.with(lives.next(life, synced));
                for (int step = 0; step < 10; step++) {
                    synced += random.nextInt(1, 4);
                    if (random.nextBoolean()) {
                        told.add(mark(life, synced));
                    }
                    if (copy == null && random.nextInt(20) == 0) {
                        copy = lives;
                        copyWrites = synced;
                        toldBeforeCopy = told.size();
                    }
                }
                synced += random.nextInt(3);
            }
            for (WriteMark mark : told) {
                assertTrue(lives.hold(mark, synced), () -> "false alarm: " + mark);
            }
            if (copy != null) {
                StoreLives back = copy.with(copy.next(99, copyWrites));
                long wroteOn = copyWrites + random.nextLong(2 * synced);
                for (int i = 0; i < told.size(); i++) {
                    WriteMark mark = told.get(i);
                    assertEquals(i < toldBeforeCopy, back.hold(mark, wroteOn), () -> "of a copy: " + mark);
                }
            }
        }
    }
}
