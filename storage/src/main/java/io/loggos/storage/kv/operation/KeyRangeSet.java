package io.loggos.storage.kv.operation;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of keys made of ranges, stored as disjoint ranges that do not touch. */
public final class KeyRangeSet {
    /**
     * Maps the first key of a range to its end. An empty end stands for "no end", since no non-empty range ends there.
     */
    private final TreeMap<Bytes, Bytes> ranges = new TreeMap<>();

    /** Adds all keys of a range. */
    public void add(KeyRange range) {
        if (range.end() == null || range.first().compareTo(range.end()) < 0) {
            add(range.first(), range.end() == null ? Bytes.EMPTY : range.end());
        }
    }

    void addAll(KeyRangeSet other) {
        other.ranges.forEach(this::add);
    }

    boolean contains(Bytes key) {
        Map.@Nullable Entry<Bytes, Bytes> floor = ranges.floorEntry(key);
        return floor != null && isBefore(key, floor.getValue());
    }

    /** True if all keys of a range are in this set, even if several of the added ranges together hold them. */
    public boolean contains(KeyRange range) {
        Map.@Nullable Entry<Bytes, Bytes> floor = ranges.floorEntry(range.first());
        if (floor == null || !isBefore(range.first(), floor.getValue())) {
            return false;
        }
        Bytes end = range.end();
        return floor.getValue().isEmpty() || (end != null && reaches(floor.getValue(), end));
    }

    private void add(Bytes from, Bytes to) {
        Bytes first = from;
        Bytes end = to;
        Map.@Nullable Entry<Bytes, Bytes> touching = end.isEmpty() ? ranges.lastEntry() : ranges.floorEntry(end);
        while (touching != null && reaches(touching.getValue(), first)) {
            ranges.remove(touching.getKey());
            first = touching.getKey().compareTo(first) < 0 ? touching.getKey() : first;
            end = furthest(end, touching.getValue());
            touching = end.isEmpty() ? ranges.lastEntry() : ranges.floorEntry(end);
        }
        ranges.put(first, end);
    }

    private static Bytes furthest(Bytes end, Bytes other) {
        return end.isEmpty() || other.isEmpty() ? Bytes.EMPTY : end.compareTo(other) >= 0 ? end : other;
    }

    private static boolean reaches(Bytes end, Bytes key) {
        return end.isEmpty() || end.compareTo(key) >= 0;
    }

    private static boolean isBefore(Bytes key, Bytes end) {
        return end.isEmpty() || key.compareTo(end) < 0;
    }
}
