package io.loggos.benchmarks.rocksdb;

import io.loggos.api.Bytes;
import io.loggos.benchmarks.workload.Commands;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as plainly as it can be used for a log: keys of 16 bytes that ascend, the payload under each, many in one
 * batch, and the write-ahead log synced with each batch. No checksums of our own, no marks, no truncation. For one
 * thread.
 */
final class SyncedStore implements AutoCloseable {
    /** As many as Loggos takes. */
    private static final long MEMTABLE_BYTES = 64L << 20;

    private final Options options = new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(MEMTABLE_BYTES)
            .setMaxWriteBufferNumber(3)
            .setCompactionStyle(CompactionStyle.UNIVERSAL)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setStatsDumpPeriodSec(0);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteBatch batch = new WriteBatch();
    private final ByteBuffer key = ByteBuffer.allocateDirect(2 * Long.BYTES);
    private final RocksDB db;
    private ByteBuffer value = ByteBuffer.allocateDirect(64 << 10);
    private long slot;

    SyncedStore(Path directory) throws RocksDBException {
        db = RocksDB.open(options, directory.toString());
    }

    /** Writes and syncs the next records. */
    void write(Commands records, int count) throws RocksDBException {
        batch.clear();
        for (int i = 0; i < count; i++) {
            put(records.next());
        }
        db.write(synced, batch);
    }

    @Override
    public void close() {
        batch.close();
        synced.close();
        db.close();
        options.close();
    }

    private void put(Bytes record) throws RocksDBException {
        if (value.capacity() < record.size()) {
            value = ByteBuffer.allocateDirect(record.size());
        }
        key.clear().putLong(1).putLong(++slot).flip();
        value.clear()
                .put(record.backingArray(), record.backingOffset(), record.size())
                .flip();
        batch.put(key, value);
    }
}
