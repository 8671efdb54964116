package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.RowsSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A snapshot of a database. Each of its reads keeps the database open; the end of the database ends the reads. */
final class DatabaseSnapshot implements RowsSnapshot {
    private final OrderedStoreDatabase database;
    private final DatabaseRows rows;
    private boolean closed;

    DatabaseSnapshot(OrderedStoreDatabase database, DatabaseRows rows) {
        this.database = database;
        this.rows = rows;
    }

    @Override
    public @Nullable Bytes get(Table table, Bytes key) {
        return reading(() -> rows.get(table, key));
    }

    @Override
    public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        Boolean unused = reading(() -> {
            rows.scan(table, from, to, (key, value) -> {
                checkOpen();
                return visitor.visit(key, value);
            });
            return true;
        });
    }

    @Override
    public long count(Table table, Bytes from, @Nullable Bytes to, long most) {
        return reading(() -> {
            long count = rows.count(table, from, to, most);
            checkOpen();
            return count;
        });
    }

    private <T extends @Nullable Object> T reading(Supplier<T> read) {
        database.beginReading();
        try {
            checkOpen();
            return read.get();
        } finally {
            database.endReading();
        }
    }

    private void checkOpen() {
        if (closed || database.isEnding()) {
            throw new SnapshotEndedException();
        }
    }

    @Override
    public void close() {
        database.beginReading();
        try {
            if (!closed && !database.isEnding()) {
                database.release(this);
            }
            closed = true;
        } finally {
            database.endReading();
        }
    }

    /** Frees the native objects. */
    void free() {
        rows.close();
    }
}
