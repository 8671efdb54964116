package io.loggos.storage.kv.versions.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.internal.codec.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index against an ordered map of the JDK. */
class KeyIndexTest {
    private static final int ROW_BYTES = 8;

    private final KeyIndex index = new KeyIndex(ROW_BYTES);
    private final TreeMap<Bytes, Bytes> model = new TreeMap<>();

    @Test
    void emptyIndexHasNothing() {
        assertNull(index.get(Bytes.utf8("a")));
        assertEquals(0, index.count(KeyRange.all()));
        index.remove(Bytes.utf8("a"));
        index.visit(KeyRange.all(), (key, row) -> {
            throw new AssertionError(key.toString());
        });
        assertEquals(0, index.keys());
    }

    /** Few keys meet often; many keys make leaves and branches split, and join again when most of them go. */
    @ParameterizedTest
    @ValueSource(ints = {5, 300, 20_000, 2_000_000})
    void holdsWhatAMapHolds(int keys) {
        SplittableRandom random = new SplittableRandom(keys);
        for (int phase = 0; phase < 6; phase++) {
            double puts = phase % 2 == 0 ? 0.8 : 0.1;
            for (int i = 0; i < 60_000; i++) {
                if (random.nextDouble() < puts) {
                    put(key(random, keys), row(random.nextLong()));
                } else {
                    remove(near(key(random, keys)));
                }
                if (i % 6000 == 0) {
                    agrees(range(random, keys));
                }
            }
            agrees(KeyRange.all());
        }
    }

    @Test
    void keysOfAnySizeAreHeld() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 400; i++) {
            byte[] key = new byte[random.nextInt(10_000)];
            key[random.nextInt(key.length + 1) / 2] = (byte) random.nextInt();
            put(Bytes.wrap(key), row(i));
        }
        agrees(KeyRange.all());
        for (Bytes key : List.copyOf(model.keySet())) {
            remove(key);
        }
        agrees(KeyRange.all());
        assertTrue(index.memoryBytes() < 1000, () -> index.memoryBytes() + " bytes of an empty index");
    }

    @Test
    void visitEndsWhenTheVisitorSaysSo() {
        for (int i = 0; i < 1000; i++) {
            put(Bytes.utf8("key-" + i), row(i));
        }
        List<Bytes> seen = new ArrayList<>();
        index.visit(KeyRange.from(Bytes.utf8("key-5")), (key, row) -> {
            seen.add(key);
            return seen.size() < 3;
        });
        assertEquals(List.of(Bytes.utf8("key-5"), Bytes.utf8("key-50"), Bytes.utf8("key-500")), seen);
    }

    /** Keys and rows that were given out are copies. */
    @Test
    void whatWasGivenOutDoesNotChange() {
        Bytes key = Bytes.utf8("a");
        put(key, row(1));
        Bytes given = index.get(key);
        put(key, row(2));
        assertEquals(row(1), given);
    }

    /** Restoring fills the index in order: then it takes little more than its entries. Random order takes a third more. */
    @Test
    void memoryIsThatOfTheEntries() {
        long entries = 0;
        for (int i = 0; i < 200_000; i++) {
            Bytes key = Bytes.utf8(String.valueOf(1_000_000 + i));
            index.put(key, row(i));
            entries += 4 + key.size() + ROW_BYTES;
        }
        assertAtMost(1.1, entries, index.memoryBytes());
        index.clear();
        SplittableRandom random = new SplittableRandom(1);
        while (index.keys() < 200_000) {
            index.put(Bytes.utf8(String.valueOf(1_000_000 + random.nextInt(1_000_000))), row(1));
        }
        assertAtMost(1.6, entries, index.memoryBytes());
    }

    @Test
    void aRowOfAnotherSizeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> index.put(Bytes.utf8("a"), Bytes.utf8("short")));
        assertEquals(0, index.keys());
    }

    private static void assertAtMost(double factor, long expected, long actual) {
        assertTrue(actual <= factor * expected, () -> actual + " bytes instead of " + expected);
    }

    private void put(Bytes key, Bytes row) {
        index.put(key, row);
        model.put(key, row);
        assertEquals(row, index.get(key));
    }

    private void remove(Bytes key) {
        index.remove(key);
        model.remove(key);
        assertNull(index.get(key));
    }

    private void agrees(KeyRange range) {
        NavigableMap<Bytes, Bytes> part = model.tailMap(range.first(), true);
        Bytes end = range.end();
        if (end != null) {
            part = end.compareTo(range.first()) <= 0 ? new TreeMap<>() : part.headMap(end, false);
        }
        List<Map.Entry<Bytes, Bytes>> seen = new ArrayList<>();
        index.visit(range, (key, row) -> seen.add(Map.entry(key, row)));
        assertEquals(new ArrayList<>(part.entrySet()), seen);
        assertEquals(part.size(), index.count(range));
        assertEquals(model.size(), index.keys());
    }

    private KeyRange range(SplittableRandom random, int keys) {
        Bytes first = key(random, keys);
        return random.nextInt(4) == 0 ? KeyRange.from(first) : KeyRange.between(first, key(random, keys));
    }

    /** The next key that is there, so that removals find something among many keys. */
    private Bytes near(Bytes key) {
        Bytes found = model.ceilingKey(key);
        return found == null ? key : found;
    }

    private static Bytes key(SplittableRandom random, int keys) {
        long hash = random.nextInt(keys) * 0x9E3779B97F4A7C15L;
        return new ByteWriter(8).putLong(hash).toBytes().slice(0, 3 + (int) (hash >>> 61) % 6);
    }

    private static Bytes row(long value) {
        return new ByteWriter(8).putLong(value).toBytes();
    }
}
