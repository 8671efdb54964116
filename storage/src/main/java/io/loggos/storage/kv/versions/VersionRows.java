package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import org.jspecify.annotations.Nullable;

/** Reads versions from the rows of a store, without what is buffered or cached in memory. */
final class VersionRows {
    private final OrderedRows rows;

    VersionRows(OrderedRows rows) {
        this.rows = rows;
    }

    /** Returns the current version of a key without its value, or null. */
    @Nullable
    KeyRecord current(Bytes key) {
        Bytes row = rows.get(Table.CURRENT, key);
        return row == null ? null : KeyRecord.read(row, false);
    }

    /** Returns the version of a key that existed at a revision and was superseded after it, or null. */
    @Nullable
    KeyRecord superseded(Bytes key, long asOf) {
        return HistoryReader.versionAt(rows, key, asOf);
    }

    /** Reads a version of a key with its value. */
    KeyRecord whole(Bytes key, KeyRecord record) {
        Bytes event = rows.get(Table.EVENTS, RowKeys.event(record.modRevision, record.sub));
        if (event == null) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT, "no event put the version " + record.modRevision + " of " + key);
        }
        return EventRow.read(event).record;
    }

    /**
     * Visits the keys of a range as of a revision, in ascending order.
     *
     * @param newest no current version has a revision above this
     */
    void visit(KeyRange keys, long asOf, long newest, Versions.Visitor visitor) {
        if (asOf < newest) {
            new HistoryReader(rows, asOf, visitor).visit(keys);
        } else {
            rows.scan(
                    Table.CURRENT,
                    keys.first(),
                    keys.end(),
                    (key, row) -> visitor.visit(key, KeyRecord.read(row, false)));
        }
    }

    long countCurrent(KeyRange keys) {
        return rows.count(Table.CURRENT, keys.first(), keys.end(), Long.MAX_VALUE);
    }
}
