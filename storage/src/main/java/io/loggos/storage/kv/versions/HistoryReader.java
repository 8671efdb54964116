package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of keys as of an older revision r. If the current version of a key is not newer than r, it is read from
 * CURRENT. Any other key has at most one version in HISTORY that existed at r. Both tables are merged in key order,
 * some hundred keys at a time, so memory is bounded for any range.
 */
final class HistoryReader {
    private static final int CHUNK = 512;
    /** Number of rows of one key to skip before a new seek is cheaper than the next row. */
    private static final int ROWS_BEFORE_SEEK = 16;

    private record Found(Bytes key, KeyRecord record) {}

    private final OrderedRows store;
    private final long asOf;
    private final Versions.Visitor visitor;

    private final List<Found> chunk = new ArrayList<>();
    private boolean enough;
    private int merged;

    /** The key that {@link #step} is at, in escaped form. */
    private Bytes stepKey = Bytes.EMPTY;

    private int stepSkipped;
    private boolean stepDone;
    private @Nullable Bytes jump;

    HistoryReader(OrderedRows store, long asOf, Versions.Visitor visitor) {
        this.store = store;
        this.asOf = asOf;
        this.visitor = visitor;
    }

    /** Returns the version of a key that existed at a revision and was superseded after it, or null. */
    static @Nullable KeyRecord versionAt(OrderedRows store, Bytes key, long asOf) {
        @Nullable KeyRecord[] found = {null};
        Bytes from = RowKeys.history(key, asOf + 1, 0);
        Bytes end = RowKeys.historyBehind(RowKeys.escapedPart(from));
        store.scan(Table.HISTORY, from, end, (rowKey, row) -> {
            KeyRecord record = KeyRecord.read(row, false);
            found[0] = record.modRevision <= asOf ? record : null;
            return false;
        });
        return found[0];
    }

    /** Visits the keys of a range. */
    void visit(KeyRange keys) {
        Bytes from = keys.first();
        boolean more = true;
        while (more && !enough) {
            more = collect(from, keys.end());
            Bytes until = more ? behind(chunk.get(chunk.size() - 1).key()) : keys.end();
            merge(from, until);
            from = until == null ? from : until;
        }
    }

    /** Collects versions from HISTORY. Returns true if there may be more behind the last one. */
    private boolean collect(Bytes from, @Nullable Bytes end) {
        chunk.clear();
        stepKey = Bytes.EMPTY;
        Bytes endRow = RowKeys.historyFrom(end);
        Bytes position = RowKeys.historyFrom(from);
        while (position != null) {
            jump = null;
            store.scan(Table.HISTORY, position, endRow, this::step);
            if (chunk.size() >= CHUNK) {
                return true;
            }
            position = jump;
        }
        return false;
    }

    private boolean step(Bytes rowKey, Bytes row) {
        Bytes escaped = RowKeys.escapedPart(rowKey);
        if (!escaped.equals(stepKey)) {
            stepKey = escaped;
            stepSkipped = 0;
            stepDone = false;
        }
        if (stepDone || RowKeys.revision(rowKey) <= asOf) {
            if (++stepSkipped < ROWS_BEFORE_SEEK) {
                return true;
            }
            stepSkipped = 0;
            jump = stepDone ? RowKeys.historyBehind(escaped) : RowKeys.history(RowKeys.unescape(escaped), asOf + 1, 0);
            return false;
        }
        stepDone = true;
        KeyRecord record = KeyRecord.read(row, false);
        if (record.modRevision <= asOf) {
            chunk.add(new Found(RowKeys.unescape(escaped), record));
        }
        return chunk.size() < CHUNK;
    }

    private void merge(Bytes from, @Nullable Bytes until) {
        merged = 0;
        store.scan(Table.CURRENT, from, until, (key, row) -> {
            KeyRecord record = KeyRecord.read(row, false);
            if (record.modRevision > asOf) {
                return true;
            }
            offerBefore(key);
            enough = enough || !visitor.visit(key, record);
            return !enough;
        });
        offerBefore(null);
    }

    private void offerBefore(@Nullable Bytes key) {
        while (!enough
                && merged < chunk.size()
                && (key == null || chunk.get(merged).key().compareTo(key) < 0)) {
            Found found = chunk.get(merged++);
            enough = !visitor.visit(found.key(), found.record());
        }
    }

    private static Bytes behind(Bytes key) {
        return Objects.requireNonNull(KeyRange.single(key).end());
    }
}
