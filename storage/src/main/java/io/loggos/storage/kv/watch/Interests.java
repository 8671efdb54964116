package io.loggos.storage.kv.watch;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that any watch wants. It decides only if a change wakes the thread that serves watches, so it may say yes too
 * often. One thread changes it; any thread asks.
 */
final class Interests {
    private static final KeyRange[] NONE = {};

    private final Map<Bytes, Integer> single = new ConcurrentHashMap<>();
    /** The other ranges with the number of watches of each. */
    private final TreeMap<KeyRange, Integer> ranges =
            new TreeMap<>(Comparator.comparing(KeyRange::first).thenComparing(Interests::end, Interests::compareEnds));

    /** Disjoint ranges in ascending order that cover all others. */
    private volatile KeyRange[] merged = NONE;

    private int removed;

    void add(KeyRange range) {
        if (range.isSingle()) {
            single.merge(range.first(), 1, Integer::sum);
            return;
        }
        ranges.merge(range, 1, Integer::sum);
        KeyRange around = at(range.first());
        if (around == null || compareEnds(end(around), end(range)) < 0) {
            merge();
        }
    }

    void remove(KeyRange range) {
        if (range.isSingle()) {
            single.computeIfPresent(range.first(), (key, count) -> count == 1 ? null : count - 1);
        } else {
            ranges.computeIfPresent(range, (key, count) -> count == 1 ? null : count - 1);
            if (++removed > ranges.size()) {
                merge();
            }
        }
    }

    /** True if a watch may want this key. */
    boolean contains(Bytes key) {
        return single.containsKey(key) || at(key) != null;
    }

    /** Returns the covering range that contains a key, or null. */
    private @Nullable KeyRange at(Bytes key) {
        KeyRange[] all = merged;
        int low = 0;
        int high = all.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all[middle].contains(key)) {
                return all[middle];
            }
            if (all[middle].first().compareTo(key) > 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    private void merge() {
        removed = 0;
        List<KeyRange> all = new ArrayList<>();
        for (KeyRange range : ranges.keySet()) {
            KeyRange last = all.isEmpty() ? null : all.get(all.size() - 1);
            if (last == null || (last.end() != null && last.end().compareTo(range.first()) < 0)) {
                all.add(range);
            } else if (compareEnds(end(last), end(range)) < 0) {
                all.set(all.size() - 1, new KeyRange(last.first(), range.end()));
            }
        }
        merged = all.toArray(NONE);
    }

    private static List<Bytes> end(KeyRange range) {
        Bytes end = range.end();
        return end == null ? List.of() : List.of(end);
    }

    /** Compares two ends. None is behind all others. */
    private static int compareEnds(List<Bytes> one, List<Bytes> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Boolean.compare(one.isEmpty(), other.isEmpty());
        }
        return one.get(0).compareTo(other.get(0));
    }
}
