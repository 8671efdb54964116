package io.loggos.storage.kv.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRangeSetTest {
    @Test
    void containsWhatAnyOfItsRangesContains() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            KeyRangeSet set = new KeyRangeSet();
            List<KeyRange> ranges = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                KeyRange range = random.nextInt(12) == 0
                        ? KeyRange.from(key(random.nextInt(64)))
                        : KeyRange.between(key(random.nextInt(64)), key(random.nextInt(64)));
                ranges.add(range);
                if (random.nextInt(3) == 0) {
                    KeyRangeSet other = new KeyRangeSet();
                    other.add(range);
                    set.addAll(other);
                } else {
                    set.add(range);
                }
                String failure = "seed " + seed + ": " + ranges;
                for (int at = 0; at < 64; at++) {
                    Bytes key = key(at);
                    boolean expected = ranges.stream().anyMatch(each -> each.contains(key));
                    assertEquals(expected, set.contains(key), failure);
                }
                for (int from = 0; from < 64; from += 5) {
                    boolean all = true;
                    for (int end = from + 1; end < 64; end++) {
                        all &= set.contains(key(end - 1));
                        KeyRange part = KeyRange.between(key(from), key(end));
                        assertEquals(all, set.contains(part), failure);
                    }
                }
            }
        }
    }

    /** Returns a key of a small key space, in order; the first is empty. */
    private static Bytes key(int place) {
        return place == 0 ? Bytes.EMPTY : Bytes.wrap(new byte[] {(byte) (place * 4)});
    }
}
