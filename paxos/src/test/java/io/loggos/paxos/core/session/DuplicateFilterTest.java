package io.loggos.paxos.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DuplicateFilterTest {
    @Test
    void takesEachOnce() {
        DuplicateFilter taken = new DuplicateFilter();

        assertTrue(taken.take(2));
        assertTrue(taken.take(1));
        assertFalse(taken.take(1));
        assertFalse(taken.take(2));
        assertTrue(taken.take(3));
    }

    @Test
    void whatIsSettledIsNotTaken() {
        DuplicateFilter taken = new DuplicateFilter();
        taken.settledBelow(5);

        assertFalse(taken.take(4));
        assertTrue(taken.take(5));
    }

    @Test
    void whatWasGivenBackCanBeTakenAgain() {
        DuplicateFilter taken = new DuplicateFilter();
        taken.take(2);
        taken.take(3);
        taken.take(1);
        taken.giveBack(1);

        assertFalse(taken.take(2));
        assertTrue(taken.take(1));
        assertFalse(taken.take(3));
    }

    /** Behaves like a plain set, also after a checkpoint. */
    @Test
    void isASetOfSequences() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            DuplicateFilter taken = new DuplicateFilter();
            TreeSet<Long> oracle = new TreeSet<>();
            long settled = 0;
            for (int step = 0; step < 500; step++) {
                long sequence = settled + 1 + random.nextInt(30);
                if (random.nextInt(50) == 0) {
                    taken = restored(taken);
                } else if (random.nextInt(10) == 0) {
                    long lowest = Math.max(settled + 1, sequence - 20);
                    taken.settledBelow(lowest);
                    for (long each = settled + 1; each < lowest; each++) {
                        oracle.add(each);
                    }
                    settled = Math.max(settled, lowest - 1);
                } else {
                    boolean first = oracle.add(sequence);
                    assertEquals(first, taken.take(sequence), "seed " + seed + ", step " + step);
                    if (first && random.nextInt(4) == 0) {
                        oracle.remove(sequence);
                        taken.giveBack(sequence);
                    }
                }
            }
        }
    }

    private static DuplicateFilter restored(DuplicateFilter taken) {
        ByteWriter writer = new ByteWriter(64);
        taken.writeTo(writer);
        ByteReader reader = new ByteReader(writer.toBytes());
        DuplicateFilter restored = DuplicateFilter.readFrom(reader);
        reader.end();
        return restored;
    }
}
