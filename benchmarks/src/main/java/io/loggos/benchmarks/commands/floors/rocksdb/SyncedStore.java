package io.loggos.benchmarks.commands.floors.rocksdb;

import io.loggos.benchmarks.harness.workload.Commands;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB in its simplest use for a log: ascending keys of 16 bytes with the payload under each. Many records are in
 * one batch, and each batch syncs the write-ahead log. There are no further checksums, marks, truncation or compaction.
 * For one thread.
 */
final class SyncedStore implements AutoCloseable {
    /**
     * Size of a memtable: large, so that a flush is rare. Flushed tables are not compacted, since a floor leaves out
     * whatever can be left out.
     */
    private static final long MEMTABLE_BYTES = 256L << 20;

    private static final int MEMTABLES = 4;

    private final Options options = new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(MEMTABLE_BYTES)
            .setMaxWriteBufferNumber(MEMTABLES)
            .setDisableAutoCompactions(true)
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

    private void put(byte[] record) throws RocksDBException {
        if (value.capacity() < record.length) {
            value = ByteBuffer.allocateDirect(record.length);
        }
        key.clear().putLong(1).putLong(++slot).flip();
        value.clear().put(record).flip();
        batch.put(key, value);
    }
}
