package io.loggos.storage.kv.versions.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowCacheTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final RowCache cache = new RowCache(3);

    @Test
    void holdsWhatWasPutLast() {
        cache.put(key(1), record(1, 100));
        cache.put(key(2), record(2, 100));
        cache.put(key(1), record(3, 100));
        assertHolds(1, 3, 100);
        assertHolds(2, 2, 100);

        cache.put(key(1), record(4, 5000));
        assertHolds(1, 4, 5000);
        cache.put(key(1), record(5, 0));
        assertHolds(1, 5, 0);
        assertNull(cache.get(key(3)));
    }

    @Test
    void whatIsRemovedIsGone() {
        cache.put(key(1), record(1, 10));
        cache.remove(key(1));
        cache.remove(key(2));
        assertNull(cache.get(key(1)));

        cache.put(key(1), record(2, 10));
        assertHolds(1, 2, 10);
        cache.clear();
        assertNull(cache.get(key(1)));
    }

    /** A record that was returned does not change when its place in the cache is reused. */
    @Test
    void whatWasGivenOutDoesNotChange() {
        cache.put(key(1), record(1, 100));
        Bytes given = cache.get(key(1));
        assertNotNull(given);
        cache.put(key(1), record(2, 100));
        assertEquals(record(1, 100), given);
    }

    @Test
    void whatIsTooLargeIsNotKept() {
        cache.put(key(1), record(1, 10));
        cache.put(key(1), record(2, 300 * KIB));
        assertNull(cache.get(key(1)));
    }

    /** The oldest entry is dropped, but stays if it was read since it was added. The newest is kept. */
    @Test
    void whatWasAskedForGetsASecondChance() {
        cache.put(key(1), record(1, 100));
        cache.put(key(2), record(1, 100));
        assertHolds(1, 1, 100);
        putMore(10, 4 * MIB);
        assertHolds(9 + 4 * MIB / (10 * KIB), 1, 10 * KIB);
        assertHolds(1, 1, 100);
        assertNull(cache.get(key(2)));
        assertNull(cache.get(key(10)));
    }

    @Test
    void aSecondChanceIsNoThird() {
        cache.put(key(1), record(1, 100));
        assertHolds(1, 1, 100);
        putMore(10, 8 * MIB);
        assertNull(cache.get(key(1)));
    }

    private void putMore(int from, int bytes) {
        for (int i = 0; i < bytes / (10 * KIB); i++) {
            cache.put(key(from + i), record(1, 10 * KIB));
        }
    }

    /** New entries find room even if every entry was read. */
    @Test
    void whatIsAlwaysAskedForIsBoundedToo() {
        for (int i = 0; i < 20 * MIB / (10 * KIB); i++) {
            cache.put(key(i), record(1, 10 * KIB));
            assertHolds(i, 1, 10 * KIB);
        }
        long kept = 0;
        for (int i = 0; i < 20 * MIB / (10 * KIB); i++) {
            kept += cache.get(key(i)) == null ? 0 : 1;
        }
        assertTrue(kept <= 3 * MIB / (10 * KIB), () -> "more than its bound");
        assertTrue(kept >= MIB / (10 * KIB), () -> "next to nothing");
    }

    /** Many keys with the same hash make the cache drop entries, but never make it slow. */
    @Test
    void keysThatMeetInAChainAreForgotten() {
        for (int i = 0; i < 1 << 16; i++) {
            cache.put(meeting(i), record(1, 10));
        }
        int kept = 0;
        for (int i = 0; i < 1 << 16; i++) {
            kept += cache.get(meeting(i)) == null ? 0 : 1;
        }
        assertEquals(32, kept);
        assertNotNull(cache.get(meeting((1 << 16) - 1)));
    }

    /** Returns a key whose hash equals that of every other one: "Aa" and "BB" have the same hash. */
    private static Bytes meeting(int number) {
        StringBuilder key = new StringBuilder();
        for (int bit = 0; bit < Short.SIZE; bit++) {
            key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return Bytes.utf8(key.toString());
    }

    /** The cache may drop a record, but never returns an old one. */
    @Test
    void neverHoldsWhatIsOld() {
        Random random = new Random(4711);
        Map<Integer, Bytes> newest = new HashMap<>();
        int found = 0;
        for (int step = 1; step <= 200_000; step++) {
            int number = random.nextInt(4000);
            switch (random.nextInt(8)) {
                case 0 -> {
                    cache.remove(key(number));
                    newest.remove(number);
                }
                case 1, 2, 3 -> {
                    Bytes record = record(step, random.nextInt(random.nextInt(50) == 0 ? 50 * KIB : KIB));
                    cache.put(key(number), record);
                    newest.put(number, record);
                }
                default -> {
                    Bytes known = cache.get(key(number));
                    if (known != null) {
                        found++;
                        assertEquals(newest.get(number), known);
                    }
                }
            }
        }
        assertTrue(found > 10_000);
    }

    private void assertHolds(int number, long modRevision, int valueBytes) {
        Bytes known = cache.get(key(number));
        assertNotNull(known);
        assertEquals(record(modRevision, valueBytes), known);
    }

    private static Bytes key(int number) {
        return Bytes.utf8("key-" + number);
    }

    private static Bytes record(long revision, int valueBytes) {
        byte[] value = new byte[valueBytes];
        new Random(revision).nextBytes(value);
        return new ByteWriter(8 + valueBytes)
                .putLong(revision)
                .putRaw(Bytes.wrap(value))
                .toBytes();
    }
}
