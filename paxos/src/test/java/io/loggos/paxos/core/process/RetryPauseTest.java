package io.loggos.paxos.core.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pauses between attempts (RULES.md O-8). */
class RetryPauseTest {
    private static final long FIRST = 1_000;
    private static final long MOST = 10_000;

    private static long length(RetryPause pause, long now) {
        pause.begin(now);
        long end = now;
        while (pause.lasts(end)) {
            end++;
        }
        return end - now;
    }

    @Test
    void itDoublesUpToItsLimit() {
        RetryPause pause = new RetryPause(FIRST, MOST, 7);
        assertFalse(pause.lasts(0));
        long longest = FIRST;
        for (int failures = 0; failures < 100; failures++) {
            long length = length(pause, 50_000L * failures);
            assertTrue(length >= longest / 2 && length <= longest, failures + ": " + length);
            longest = Math.min(MOST, 2 * longest);
        }
    }

    @Test
    void itIsAFirstOneAfterSuccess() {
        RetryPause pause = new RetryPause(FIRST, MOST, 7);
        for (int failures = 0; failures < 5; failures++) {
            pause.begin(0);
        }
        pause.reset();
        assertFalse(pause.lasts(0));
        assertTrue(length(pause, 0) <= FIRST);
    }

    @Test
    void itDiffersBetweenOwners() {
        Set<Long> lengths = new HashSet<>();
        for (long owner = 0; owner < 20; owner++) {
            lengths.add(length(new RetryPause(FIRST, MOST, owner), 0));
        }
        assertTrue(lengths.size() > 15, lengths.toString());
    }
}
