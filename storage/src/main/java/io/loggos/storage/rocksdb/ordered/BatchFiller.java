package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.StoreBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Converts a {@link StoreBatch} into a RocksDB batch, through reused buffers outside of the heap. */
final class BatchFiller implements StoreBatch.Handler {
    private static final int BUFFER_BYTES = 64 << 10;

    private final WriteBatch target;
    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer valueBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private @Nullable OrderedStoreDatabase database;
    private @Nullable RocksDBException failure;

    BatchFiller(WriteBatch target) {
        this.target = target;
    }

    void fill(StoreBatch batch, OrderedStoreDatabase into) throws RocksDBException {
        database = into;
        failure = null;
        batch.forEach(this);
        database = null;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void put(Table table, Bytes key, Bytes value) {
        if (failure != null || database == null) {
            return;
        }
        try {
            if (key.size() <= BUFFER_BYTES && value.size() <= BUFFER_BYTES) {
                target.put(database.table(table), load(keyBuffer, key), load(valueBuffer, value));
            } else {
                target.put(database.table(table), key.toByteArray(), value.toByteArray());
            }
        } catch (RocksDBException e) {
            failure = e;
        }
    }

    @Override
    public void delete(Table table, Bytes key) {
        if (failure != null || database == null) {
            return;
        }
        try {
            target.delete(database.table(table), key.toByteArray());
        } catch (RocksDBException e) {
            failure = e;
        }
    }

    @Override
    public void deleteRange(Table table, Bytes from, Bytes to) {
        // RocksDB would count an empty range as a write, but never flush it.
        if (failure != null || database == null || from.compareTo(to) >= 0) {
            return;
        }
        try {
            target.deleteRange(database.table(table), from.toByteArray(), to.toByteArray());
        } catch (RocksDBException e) {
            failure = e;
        }
    }

    private static ByteBuffer load(ByteBuffer buffer, Bytes bytes) {
        return buffer.clear()
                .put(bytes.backingArray(), bytes.backingOffset(), bytes.size())
                .flip();
    }
}
