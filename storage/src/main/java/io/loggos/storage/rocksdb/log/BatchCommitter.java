package io.loggos.storage.rocksdb.log;

import io.loggos.api.StorageException;
import io.loggos.storage.rocksdb.RocksDbFailures;
import io.loggos.storage.rocksdb.directory.FenceFile;
import io.loggos.storage.rocksdb.directory.StoreDirectory;
import io.loggos.storage.rocksdb.record.Chain;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to write to the database. Each commit is one atomic write with a number and a link of the chain. After a
 * synced commit the fence may move. The first failure is kept, and every later commit fails with it (RULES.md F-10).
 *
 * <p>Any thread may call, one at a time. The commit path has one thread. Only the rare records of the roster and of
 * names come from other threads, so the monitor is almost never contended.
 */
final class BatchCommitter {
    private static final Logger LOGGER = LoggerFactory.getLogger(BatchCommitter.class);

    /** Maximum age of the fence while there are synced writes. */
    private static final long FENCE_NANOS = 100_000_000;

    /** Adds the records of one write to a batch. */
    @FunctionalInterface
    interface Contents {
        void into(BatchBuilder batch) throws RocksDBException;
    }

    private final LogDatabase database;
    private final StoreDirectory directory;
    private final FenceFile fence;
    private final BatchBuilder builder;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions().setSync(false);
    private Chain.Link last;
    private final long recoveredWrites;
    /** The number of the last write that is synced. */
    private volatile long syncedWrites;

    private long fencedAt = System.nanoTime();
    private @Nullable StorageException latched;

    BatchCommitter(LogDatabase database, StoreDirectory directory, FenceFile fence, Chain.Link recovered) {
        this.database = database;
        this.directory = directory;
        this.fence = fence;
        this.builder = new BatchBuilder(database);
        this.last = recovered;
        this.recoveredWrites = recovered.sequence();
        this.syncedWrites = recoveredWrites;
    }

    /**
     * Writes one batch.
     *
     * @param sync true to return only when this write and all before it are synced
     * @param guard true if the fence must name this write on return; only with {@code sync}
     */
    synchronized void commit(Contents contents, boolean sync, boolean guard) {
        if (latched != null) {
            throw latched;
        }
        try {
            builder.begin(last.hash());
            contents.into(builder);
            Chain.Link link = new Chain.Link(last.sequence() + 1, builder.hash());
            WriteBatch batch = builder.end(link, last.hash());
            database.db.write(sync ? synced : unsynced, batch);
            last = link;
            if (sync) {
                syncedWrites = link.sequence();
                moveFence(guard);
            }
        } catch (RocksDBException e) {
            throw latch(RocksDbFailures.of("writing to " + directory, e));
        } catch (IOException e) {
            throw latch(RocksDbFailures.of("writing", directory.fence(), e));
        } catch (StorageException e) {
            throw latch(e);
        }
    }

    /** The number of the last write that the store held when it was opened. */
    long recoveredWrites() {
        return recoveredWrites;
    }

    /** The number of the last write that is synced. All before it are synced too. Any thread. */
    long syncedWrites() {
        return syncedWrites;
    }

    /** Syncs everything written, flushes it into tables if possible, and refuses later commits. */
    synchronized void close() {
        if (latched == null && syncAll()) {
            try {
                database.flush();
            } catch (RocksDBException e) {
                LOGGER.warn(
                        "The next start replays the last writes to {}: no tables could be written of them",
                        directory,
                        e);
            }
        }
        latched = new StorageException(StorageException.Kind.IO, directory + " is closed");
        builder.close();
        synced.close();
        unsynced.close();
    }

    /** Syncs the write-ahead log and the fence. Returns true if both succeeded. */
    private boolean syncAll() {
        try {
            database.db.syncWal();
            fence.write(last);
            fence.sync();
            return true;
        } catch (RocksDBException | IOException e) {
            // No caller was told that these writes are durable, and the fence names only synced writes.
            LOGGER.warn(
                    "The last writes to {} could not be synced, or the fence behind them, when it was closed",
                    directory,
                    e);
            return false;
        }
    }

    /** Moves the fence to the last write, which must be synced. The fence may be late, but never early. */
    private void moveFence(boolean guard) throws IOException {
        long now = System.nanoTime();
        boolean behind = last.sequence() - fence.last().sequence() >= Chain.RING / 2;
        if (guard || behind || now - fencedAt >= FENCE_NANOS) {
            directory.checkPresent();
            fence.write(last);
            fencedAt = now;
        }
    }

    private StorageException latch(StorageException failure) {
        latched = failure;
        return failure;
    }
}
