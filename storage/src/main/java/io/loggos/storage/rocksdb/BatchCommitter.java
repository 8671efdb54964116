package io.loggos.storage.rocksdb;

import io.loggos.api.StorageException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way into the database: each commit is one atomic write, numbered and chained, and after a synced one the
 * fence follows. The first failure is latched, and every later commit fails with it (rules.md F-10).
 *
 * <p>Any thread, one at a time. The commit path has one thread; only the rare records of roster and names come from
 * others, so the monitor is hardly ever contended.
 */
final class BatchCommitter {
    private static final Logger LOGGER = LoggerFactory.getLogger(BatchCommitter.class);

    /** How old the fence may get while there are synced writes. */
    private static final long FENCE_NANOS = 100_000_000;

    /** What goes into a write. */
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
    private long fencedAt = System.nanoTime();
    private @Nullable StorageException latched;

    BatchCommitter(LogDatabase database, StoreDirectory directory, FenceFile fence, Chain.Link recovered) {
        this.database = database;
        this.directory = directory;
        this.fence = fence;
        this.builder = new BatchBuilder(database);
        this.last = recovered;
    }

    /**
     * Writes.
     *
     * @param sync whether to return only once it is synced, with all before it
     * @param guard whether the fence must name this write when it returns; only with {@code sync}
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

    /** Syncs what is written and writes it into tables, as a last service, and lets no more in. */
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

    /** Whether all that is written is synced now and the fence says so. */
    private boolean syncAll() {
        try {
            database.db.syncWal();
            fence.write(last);
            fence.sync();
            return true;
        } catch (RocksDBException | IOException e) {
            // Nobody was told that this is durable, and the fence names nothing that is not.
            LOGGER.warn(
                    "The last writes to {} could not be synced, or the fence behind them, when it was closed",
                    directory,
                    e);
            return false;
        }
    }

    /** The write that it names is synced; so the fence may be late, but never early. */
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
