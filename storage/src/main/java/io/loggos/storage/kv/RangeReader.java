package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.versions.KeyRecord;
import io.loggos.storage.kv.versions.Versions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Reads ranges of keys in the order of steps that etcd uses. The keys as of the revision are counted, then filtered,
 * then sorted, then cut at the limit.
 */
final class RangeReader {
    private record Found(Bytes key, KeyRecord record) {}

    private final Versions versions;

    RangeReader(Versions versions) {
        this.versions = versions;
    }

    /** Refuses a revision that does not exist yet or was compacted. */
    void checkRevision(Operation.Range range) {
        if (range.revision() > versions.revision()) {
            throw new KeyValueException(
                    Reason.FUTURE_REVISION,
                    "revision " + range.revision() + " is not there yet; the store is at " + versions.revision());
        }
        if (range.revision() > 0 && range.revision() < versions.compacted()) {
            throw new KeyValueException(
                    Reason.COMPACTED,
                    "revision " + range.revision() + " was compacted away, up to " + versions.compacted());
        }
    }

    /**
     * Reads a range whose revision was checked.
     *
     * @param now the revision of the state, changes of the running transaction included
     * @param cost pays for the visited keys and the answer
     */
    Outcome.Range read(Operation.Range range, long now, Cost cost) {
        long asOf = range.revision() <= 0 ? now : range.revision();
        if (range.keys().isSingle()) {
            return readOne(range, asOf, now, cost);
        }
        if (range.countOnly()) {
            return new Outcome.Range(now, List.of(), false, count(range.keys(), asOf, cost));
        }
        boolean byKey = range.sortTarget() == SortTarget.KEY && range.sortOrder() != SortOrder.DESCENDING;
        if (byKey && !isFiltered(range) && range.limit() > 0) {
            return readFirst(range, asOf, now, cost);
        }
        return readAll(range, asOf, now, cost);
    }

    private Outcome.Range readOne(Operation.Range range, long asOf, long now, Cost cost) {
        Bytes key = range.keys().first();
        KeyRecord record = versions.at(key, asOf);
        cost.visited(1);
        if (record == null) {
            return new Outcome.Range(now, List.of(), false, 0);
        }
        boolean shown = !range.countOnly() && passes(range, record);
        return new Outcome.Range(now, shown ? List.of(keyValue(range, key, record, cost)) : List.of(), false, 1);
    }

    private long count(KeyRange keys, long asOf, Cost cost) {
        if (versions.isNow(asOf)) {
            cost.visited(1);
            return versions.countCurrent(keys);
        }
        long[] count = {0};
        versions.visit(keys, asOf, (key, record) -> {
            cost.visited(1);
            return ++count[0] > 0;
        });
        return count[0];
    }

    /** Reads the first keys of a range, up to the limit. The others are only counted. */
    private Outcome.Range readFirst(Operation.Range range, long asOf, long now, Cost cost) {
        List<KeyValue> found = new ArrayList<>();
        boolean[] more = {false};
        versions.visit(range.keys(), asOf, (key, record) -> {
            if (found.size() == range.limit()) {
                more[0] = true;
                return false;
            }
            cost.visited(1);
            found.add(keyValue(range, key, record, cost));
            return true;
        });
        return new Outcome.Range(now, found, more[0], more[0] ? count(range.keys(), asOf, cost) : found.size());
    }

    /** Reads all keys, sorts them, and loads the values of those that are shown. */
    private Outcome.Range readAll(Operation.Range range, long asOf, long now, Cost cost) {
        boolean byValue = range.sortTarget() == SortTarget.VALUE;
        List<Found> found = new ArrayList<>();
        long[] count = {0};
        versions.visit(range.keys(), asOf, (key, record) -> {
            count[0]++;
            cost.visited(1);
            if (passes(range, record)) {
                KeyRecord loaded = byValue ? versions.whole(key, record) : record;
                cost.answers(key, byValue ? loaded.value().size() : 0);
                found.add(new Found(key, loaded));
            }
            return true;
        });
        sort(found, range.sortTarget(), range.sortOrder());
        boolean more = range.limit() > 0 && found.size() > range.limit();
        int shown = more ? (int) range.limit() : found.size();
        List<KeyValue> keyValues = new ArrayList<>(shown);
        for (Found each : found.subList(0, shown)) {
            keyValues.add(keyValue(range, each.key(), each.record(), cost));
        }
        return new Outcome.Range(now, keyValues, more, count[0]);
    }

    /** Sorts a list that is sorted by key. Keys with equal sort values stay in that order. */
    private static void sort(List<Found> found, SortTarget target, SortOrder order) {
        if (target == SortTarget.KEY) {
            if (order == SortOrder.DESCENDING) {
                Collections.reverse(found);
            }
            return;
        }
        Comparator<Found> ascending = comparator(target);
        found.sort(order == SortOrder.DESCENDING ? ascending.reversed() : ascending);
    }

    private static Comparator<Found> comparator(SortTarget target) {
        return switch (target) {
            case KEY -> Comparator.comparing(Found::key);
            case VERSION -> Comparator.comparingLong(found -> found.record().version);
            case CREATE_REVISION -> Comparator.comparingLong(found -> found.record().createRevision);
            case MOD_REVISION -> Comparator.comparingLong(found -> found.record().modRevision);
            case VALUE -> Comparator.comparing(found -> found.record().value());
        };
    }

    private static boolean isFiltered(Operation.Range range) {
        return (range.minModRevision() | range.maxModRevision() | range.minCreateRevision() | range.maxCreateRevision())
                != 0;
    }

    private static boolean passes(Operation.Range range, KeyRecord record) {
        return isWithin(record.modRevision, range.minModRevision(), range.maxModRevision())
                && isWithin(record.createRevision, range.minCreateRevision(), range.maxCreateRevision());
    }

    private static boolean isWithin(long revision, long least, long most) {
        return (least == 0 || revision >= least) && (most == 0 || revision <= most);
    }

    private KeyValue keyValue(Operation.Range range, Bytes key, KeyRecord record, Cost cost) {
        KeyValue found = range.keysOnly()
                ? record.withoutValue(key)
                : versions.whole(key, record).toKeyValue(key);
        cost.answers(key, found.value().size());
        return found;
    }
}
