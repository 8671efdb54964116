package io.loggos.storage.kv.access;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A union of ranges. A range is in it if all its keys are, even if several ranges together hold them. */
final class RangeUnion {
    /** The ranges by their first keys. They neither overlap nor touch. */
    private final TreeMap<Bytes, KeyRange> ranges = new TreeMap<>();

    RangeUnion(Collection<KeyRange> parts) {
        List<KeyRange> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparing(KeyRange::first));
        KeyRange last = null;
        for (KeyRange next : sorted) {
            if (isEmpty(next)) {
                continue;
            }
            if (last != null && (last.end() == null || next.first().compareTo(last.end()) <= 0)) {
                last = new KeyRange(last.first(), later(last, next));
            } else {
                last = next;
            }
            ranges.put(last.first(), last);
        }
    }

    private static @Nullable Bytes later(KeyRange one, KeyRange other) {
        Bytes end = one.end();
        Bytes otherEnd = other.end();
        if (end == null || otherEnd == null) {
            return null;
        }
        return end.compareTo(otherEnd) >= 0 ? end : otherEnd;
    }

    private static boolean isEmpty(KeyRange range) {
        Bytes end = range.end();
        return end != null && range.first().compareTo(end) >= 0;
    }

    boolean contains(KeyRange keys) {
        Map.Entry<Bytes, KeyRange> before = ranges.floorEntry(keys.first());
        if (before == null || !before.getValue().contains(keys.first())) {
            return false;
        }
        Bytes end = before.getValue().end();
        Bytes wanted = keys.end();
        return end == null || (wanted != null && wanted.compareTo(end) <= 0);
    }
}
