package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyRange;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Reads ranges of keys in the order of steps that etcd uses. The keys as of the revision are counted, then filtered,
 * then sorted, then cut at the limit.
 */
final class RangeReader {
    private final VersionedStore versions;

    RangeReader(VersionedStore versions) {
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
     */
    Outcome.Range read(Operation.Range range, long now) {
        long asOf = range.revision() <= 0 ? now : range.revision();
        if (range.keys().isSingle()) {
            return readOne(range, asOf, now);
        }
        if (range.countOnly()) {
            return new Outcome.Range(now, List.of(), false, count(range.keys(), asOf));
        }
        boolean byKey = range.sortTarget() == SortTarget.KEY && range.sortOrder() != SortOrder.DESCENDING;
        if (byKey && !isFiltered(range) && range.limit() > 0) {
            return readFirst(range, asOf, now);
        }
        return readAll(range, asOf, now);
    }

    private Outcome.Range readOne(Operation.Range range, long asOf, long now) {
        Bytes key = range.keys().first();
        KeyRecord record = versions.at(key, asOf);
        if (record == null) {
            return new Outcome.Range(now, List.of(), false, 0);
        }
        boolean shown = !range.countOnly() && passes(range, record);
        return new Outcome.Range(now, shown ? List.of(keyValue(range, key, record)) : List.of(), false, 1);
    }

    private long count(KeyRange keys, long asOf) {
        if (versions.isNow(asOf)) {
            return versions.countCurrent(keys);
        }
        long[] count = {0};
        versions.visit(keys, asOf, (key, record) -> ++count[0] > 0);
        return count[0];
    }

    /** Reads the first keys of a range, up to the limit. Those behind are only counted. */
    private Outcome.Range readFirst(Operation.Range range, long asOf, long now) {
        List<KeyValue> found = new ArrayList<>();
        Bytes[] next = new Bytes[1];
        versions.visit(range.keys(), asOf, (key, record) -> {
            if (found.size() == range.limit()) {
                next[0] = key;
                return false;
            }
            found.add(keyValue(range, key, record));
            return true;
        });
        if (next[0] == null) {
            return new Outcome.Range(now, found, false, found.size());
        }
        long behind = count(new KeyRange(next[0], range.keys().end()), asOf);
        return new Outcome.Range(now, found, true, found.size() + behind);
    }

    private Outcome.Range readAll(Operation.Range range, long asOf, long now) {
        boolean byValue = range.sortTarget() == SortTarget.VALUE;
        List<KeyValue> found = new ArrayList<>();
        long[] count = {0};
        versions.visit(range.keys(), asOf, (key, record) -> {
            count[0]++;
            if (passes(range, record)) {
                found.add(byValue ? versions.whole(key, record).toKeyValue(key) : keyValue(range, key, record));
            }
            return true;
        });
        sort(found, range.sortTarget(), range.sortOrder());
        boolean more = range.limit() > 0 && found.size() > range.limit();
        List<KeyValue> shown = more ? found.subList(0, (int) range.limit()) : found;
        if (byValue && range.keysOnly()) {
            shown = shown.stream().map(RangeReader::withoutValue).toList();
        }
        return new Outcome.Range(now, shown, more, count[0]);
    }

    /** Sorts a list that is sorted by key. Keys with equal sort values stay in that order. */
    private static void sort(List<KeyValue> found, SortTarget target, SortOrder order) {
        if (target == SortTarget.KEY) {
            if (order == SortOrder.DESCENDING) {
                Collections.reverse(found);
            }
            return;
        }
        Comparator<KeyValue> ascending = comparator(target);
        found.sort(order == SortOrder.DESCENDING ? ascending.reversed() : ascending);
    }

    private static Comparator<KeyValue> comparator(SortTarget target) {
        return switch (target) {
            case KEY -> Comparator.comparing(KeyValue::key);
            case VERSION -> Comparator.comparingLong(KeyValue::version);
            case CREATE_REVISION -> Comparator.comparingLong(KeyValue::createRevision);
            case MOD_REVISION -> Comparator.comparingLong(KeyValue::modRevision);
            case VALUE -> Comparator.comparing(KeyValue::value);
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

    private KeyValue keyValue(Operation.Range range, Bytes key, KeyRecord record) {
        return range.keysOnly()
                ? record.withoutValue(key)
                : versions.whole(key, record).toKeyValue(key);
    }

    private static KeyValue withoutValue(KeyValue found) {
        return new KeyValue(
                found.key(), found.createRevision(), found.modRevision(), found.version(), found.lease(), Bytes.EMPTY);
    }
}
