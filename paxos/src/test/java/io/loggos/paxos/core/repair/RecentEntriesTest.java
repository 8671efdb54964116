package io.loggos.paxos.core.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.spi.LogEntry;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecentEntriesTest {
    private final RecentEntries entries = new RecentEntries(1000);

    private static LogEntry entry(long slot, int bytes) {
        return LogEntry.of(slot, new Ballot(1, 1), Bytes.wrap(new byte[bytes]));
    }

    private void add(long from, long to, int bytes) {
        for (long slot = from; slot <= to; slot++) {
            entries.add(entry(slot, bytes));
        }
    }

    @Test
    void theNewestAreKeptAsLongAsThereAreBytesForThem() {
        add(7, 1006, 1);
        assertNull(entries.get(6));
        assertNotNull(entries.get(7));
        add(1007, 1106, 1);
        assertNull(entries.get(106));
        for (long slot = 107; slot <= 1106; slot++) {
            assertEquals(slot, Objects.requireNonNull(entries.get(slot)).slot());
        }
        assertNull(entries.get(1107));
    }

    @Test
    void theLastIsKeptHoweverLargeItIs() {
        add(1, 3, 10);
        entries.add(entry(4, 5000));
        assertNull(entries.get(3));
        assertNotNull(entries.get(4));
        entries.limit(0);
        assertNotNull(entries.get(4));
        add(5, 5, 10);
        assertNull(entries.get(4));
        assertNotNull(entries.get(5));
    }

    @Test
    void aSmallerLimitHoldsAtOnce() {
        add(1, 100, 10);
        entries.limit(50);
        assertNull(entries.get(95));
        assertNotNull(entries.get(96));
    }

    @Test
    void whatIsBehindAGapIsForgotten() {
        add(1, 10, 10);
        add(20, 21, 10);
        assertNull(entries.get(10));
        assertNull(entries.get(19));
        assertNotNull(entries.get(20));
        entries.clear();
        assertNull(entries.get(21));
        add(22, 22, 10);
        assertNotNull(entries.get(22));
        assertNull(entries.get(21));
    }

    /** A peer that is further behind is answered from the log, so the garbage collector has little to copy. */
    @Test
    void ofWhatTheStateMachineHasLittleStays() {
        entries.limit(100L << 20);
        int size = RecentEntries.GIVEN_BYTES / 4;
        add(1, 10, size);
        entries.given(10);
        assertNotNull(entries.get(1));
        entries.add(entry(11, size));
        assertNull(entries.get(6));
        assertNotNull(entries.get(7));
        add(12, 100, size);
        assertNotNull(entries.get(11));
        assertNotNull(entries.get(12));
        entries.given(12);
        entries.add(entry(101, size));
        assertNull(entries.get(8));
        assertNotNull(entries.get(9));
    }

    @Test
    void whatComesBehindAGapHasNotBeenGiven() {
        entries.limit(100L << 20);
        int size = RecentEntries.GIVEN_BYTES / 4;
        add(1, 4, size);
        entries.given(4);
        add(20, 30, size);
        assertNotNull(entries.get(20));
        entries.given(25);
        entries.add(entry(31, size));
        assertNull(entries.get(21));
        assertNotNull(entries.get(22));
    }
}
