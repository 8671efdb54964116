package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.StoreBatch;
import io.loggos.storage.kv.versions.index.KeyIndex;
import io.loggos.storage.kv.versions.index.RowCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The current versions of all keys, in memory: their headers, and the values of those that were used recently. Changes are
 * collected until they are {@link #write written} to CURRENT. Not thread-safe.
 */
final class CurrentVersions {
    private final KeyIndex headers = new KeyIndex(KeyRecord.HEADER_BYTES);
    /** Whole versions. One may be older than the current version of its key. */
    private final RowCache recent = new RowCache();
    /** The whole versions of keys that changed since the last write; {@link KeyRecord#ABSENT} for deleted ones. */
    private final LinkedHashMap<Bytes, KeyRecord> changed = new LinkedHashMap<>();

    /** Replaces all by the versions in a store, whose values are not read. */
    void load(OrderedRows rows) {
        headers.clear();
        recent.clear();
        changed.clear();
        rows.scan(Table.CURRENT, Bytes.EMPTY, null, (key, row) -> {
            headers.put(key, row);
            return true;
        });
    }

    /** Returns the version of a key, possibly without its value, or null. */
    @Nullable
    KeyRecord get(Bytes key) {
        KeyRecord record = changed.get(key);
        if (record != null) {
            return record.isAbsent() ? null : record;
        }
        Bytes header = headers.get(key);
        return header == null ? null : KeyRecord.read(header, false);
    }

    /** Returns this version of a key with its value, if that is in memory; else null. */
    @Nullable
    KeyRecord recent(Bytes key, KeyRecord record) {
        Bytes row = recent.get(key);
        KeyRecord known = row == null ? null : KeyRecord.read(row, true);
        return known != null && known.isSameAs(record) ? known : null;
    }

    /** Notes that a whole version of a key was read. */
    void read(Bytes key, KeyRecord whole) {
        KeyRecord current = get(key);
        if (current != null && current.isSameAs(whole)) {
            recent.put(key, whole.row());
        }
    }

    /** Takes a change of a key: its new whole version, or {@link KeyRecord#ABSENT}. */
    void change(Bytes key, KeyRecord record) {
        if (record.isAbsent()) {
            headers.remove(key);
        } else {
            headers.put(key, record.header());
        }
        changed.put(key, record);
    }

    /** Visits the versions of a range in ascending order. Those that are not written yet are whole. */
    void visit(KeyRange keys, Versions.Visitor visitor) {
        headers.visit(keys, (key, header) -> {
            KeyRecord record = changed.get(key);
            return visitor.visit(key, record == null ? KeyRecord.read(header, false) : record);
        });
    }

    /** Returns the number of keys in a range. */
    long count(KeyRange keys) {
        return headers.count(keys);
    }

    /** The number of keys that changed since the last write. */
    int changes() {
        return changed.size();
    }

    /** Adds the changes to a batch, in key order, which the store takes faster than any other order. */
    void write(StoreBatch batch) {
        List<Map.Entry<Bytes, KeyRecord>> entries = new ArrayList<>(changed.entrySet());
        entries.sort(Map.Entry.comparingByKey());
        for (Map.Entry<Bytes, KeyRecord> entry : entries) {
            if (entry.getValue().isAbsent()) {
                batch.delete(Table.CURRENT, entry.getKey());
                recent.remove(entry.getKey());
            } else {
                batch.put(Table.CURRENT, entry.getKey(), entry.getValue().header());
                recent.put(entry.getKey(), entry.getValue().row());
            }
        }
    }

    /** Forgets which keys changed, because they are written. */
    void written() {
        changed.clear();
    }
}
