package io.loggos.paxos.core.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.paxos.core.model.Submission;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SubmissionRingTest {
    @Test
    void isAMapWithConsecutiveKeys() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SubmissionRing ring = new SubmissionRing();
            TreeMap<Long, Submission> oracle = new TreeMap<>();
            int bias = 20 + random.nextInt(60);
            for (int step = 0; step < 5_000; step++) {
                if (random.nextInt(100) < bias) {
                    Submission added = submission(ring.next());
                    ring.add(added);
                    oracle.put(added.sequence, added);
                } else {
                    long sequence = Math.max(1, ring.lowest() - 2) + random.nextInt(80);
                    assertSame(oracle.get(sequence), ring.get(sequence));
                    assertSame(oracle.remove(sequence), ring.remove(sequence));
                }
                assertEquals(oracle.isEmpty(), ring.isEmpty());
                assertEquals(oracle.isEmpty() ? ring.next() : (long) oracle.firstKey(), ring.lowest());
            }
        }
    }

    @Test
    void growsAndShrinksWithoutLosingAny() {
        SubmissionRing ring = new SubmissionRing();
        for (int round = 0; round < 2; round++) {
            long first = ring.next();
            for (long sequence = first; sequence < first + 200_000; sequence++) {
                ring.add(submission(sequence));
            }
            for (long sequence = first + 199_999; sequence >= first; sequence--) {
                Submission removed = ring.remove(sequence);
                assertEquals(sequence, removed == null ? 0 : removed.sequence);
            }
        }
    }

    @Test
    void settledOneIsGone() {
        SubmissionRing ring = new SubmissionRing();
        ring.add(submission(1));
        ring.remove(1);

        assertNull(ring.get(1));
        assertNull(ring.remove(1));
    }

    @Test
    void sequencesMustFollowEachOther() {
        SubmissionRing ring = new SubmissionRing();

        assertThrows(IllegalStateException.class, () -> ring.add(submission(2)));
    }

    private static Submission submission(long sequence) {
        return new Submission(1, sequence, Bytes.EMPTY, null, 0);
    }
}
