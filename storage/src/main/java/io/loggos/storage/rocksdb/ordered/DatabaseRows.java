package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.rocksdb.RocksDbFailures;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** The rows of an open database: as they are now, or as they were at a snapshot. Close it before the database. */
final class DatabaseRows implements OrderedRows, AutoCloseable {
    private final OrderedStoreDatabase database;
    private final RocksDB db;
    private final @Nullable Snapshot snapshot;
    private final ReadOptions lookups;

    DatabaseRows(OrderedStoreDatabase database, RocksDB db, @Nullable Snapshot snapshot) {
        this.database = database;
        this.db = db;
        this.snapshot = snapshot;
        this.lookups = options();
    }

    @Override
    public @Nullable Bytes get(Table table, Bytes key) {
        try {
            byte[] value = db.get(database.table(table), lookups, key.backingArray(), key.backingOffset(), key.size());
            return value == null ? null : Bytes.wrap(value);
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("reading a row", e);
        }
    }

    @Override
    public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        if (to != null && from.compareTo(to) >= 0) {
            return;
        }
        try (Slice end = to == null ? null : new Slice(to.toByteArray());
                ReadOptions options = options()) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator rows = db.newIterator(database.table(table), options)) {
                rows.seek(from.toByteArray());
                while (rows.isValid() && visitor.visit(Bytes.wrap(rows.key()), Bytes.wrap(rows.value()))) {
                    rows.next();
                }
                rows.status();
            }
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("scanning", e);
        }
    }

    @Override
    public long count(Table table, Bytes from, @Nullable Bytes to, long most) {
        if (to != null && from.compareTo(to) >= 0) {
            return 0;
        }
        try (Slice end = to == null ? null : new Slice(to.toByteArray());
                ReadOptions options = options()) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator rows = db.newIterator(database.table(table), options)) {
                long count = 0;
                for (rows.seek(from.toByteArray());
                        rows.isValid() && count < most && !database.isEnding();
                        rows.next()) {
                    count++;
                }
                rows.status();
                return count;
            }
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("counting", e);
        }
    }

    private ReadOptions options() {
        ReadOptions options = new ReadOptions();
        return snapshot == null ? options : options.setSnapshot(snapshot);
    }

    @Override
    public void close() {
        lookups.close();
        if (snapshot != null) {
            db.releaseSnapshot(snapshot);
        }
    }
}
