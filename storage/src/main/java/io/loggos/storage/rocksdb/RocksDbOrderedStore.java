package io.loggos.storage.rocksdb;

import io.loggos.api.Bytes;
import io.loggos.api.CheckpointWriter;
import io.loggos.api.StorageException;
import io.loggos.api.spi.DurableFiles;
import io.loggos.storage.kv.OrderedStore;
import io.loggos.storage.kv.StoreBatch;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows in a RocksDB of their own, a column family for each table, without a write-ahead log: the replicated
 * log is the log of this store, and what the store held before a restart comes back from a checkpoint and
 * that log. Threads as {@link OrderedStore} says.
 *
 * <p>For a checkpoint the memory tables are written out, at most some tens of megabytes, and the files of the database,
 * which are never written to again, get a second name. Both happens in the background: see {@link Captures}.
 * Restoring goes the same way back.
 */
public final class RocksDbOrderedStore implements OrderedStore {
    private static final String LIVE = "live-";

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readOptions = new ReadOptions();
    private final WriteBatch writeBatch = new WriteBatch();
    private final BatchFiller filler = new BatchFiller(writeBatch);

    /** Held while the database is exchanged or closed; only {@link #sizeBytes} comes from other threads. */
    private final ReentrantLock exchange = new ReentrantLock();

    private volatile long lastSizeBytes;
    private @Nullable OrderedStoreDatabase database;
    private int generation;
    private boolean closed;

    private RocksDbOrderedStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens an empty store in a directory, which is created if need be. <b>What a store left there before is
     * deleted</b>, since the state always comes back through {@link #restore} and the log. Whoever opens
     * it sees to it that no other process has the directory.
     *
     * @param directory on the default file system; nothing else should be in it
     * @throws StorageException if it cannot be opened
     */
    public static RocksDbOrderedStore open(Path directory) {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("RocksDB needs the default file system: " + directory);
        }
        RocksDbOrderedStore store = new RocksDbOrderedStore(directory.toAbsolutePath());
        try {
            Files.createDirectories(store.directory);
            for (Path entry : OrderedStoreFiles.list(store.directory)) {
                String name = entry.getFileName().toString();
                if (name.startsWith(LIVE)) {
                    DurableFiles.deleteTree(entry);
                }
            }
            store.database = OrderedStoreDatabase.open(store.live());
            return store;
        } catch (IOException e) {
            store.close();
            throw new StorageException(StorageException.Kind.IO, "cannot open " + directory, e);
        } catch (RocksDBException e) {
            store.close();
            throw failure("cannot open " + directory, e);
        }
    }

    @Override
    public @Nullable Bytes get(Table table, Bytes key) {
        OrderedStoreDatabase open = database();
        try {
            byte[] value =
                    open.db.get(open.table(table), readOptions, key.backingArray(), key.backingOffset(), key.size());
            return value == null ? null : Bytes.wrap(value);
        } catch (RocksDBException e) {
            throw failure("reading a row", e);
        }
    }

    @Override
    public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        if (to != null && from.compareTo(to) >= 0) {
            return;
        }
        OrderedStoreDatabase open = database();
        try (Slice end = to == null ? null : new Slice(to.toByteArray());
                ReadOptions options = new ReadOptions()) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator rows = open.db.newIterator(open.table(table), options)) {
                rows.seek(from.toByteArray());
                while (rows.isValid() && visitor.visit(Bytes.wrap(rows.key()), Bytes.wrap(rows.value()))) {
                    rows.next();
                }
                rows.status();
            }
        } catch (RocksDBException e) {
            throw failure("scanning", e);
        }
    }

    @Override
    public void scanDescending(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        if (to != null && from.compareTo(to) >= 0) {
            return;
        }
        OrderedStoreDatabase open = database();
        try (Slice start = new Slice(from.toByteArray());
                Slice end = to == null ? null : new Slice(to.toByteArray());
                ReadOptions options = new ReadOptions().setIterateLowerBound(start)) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator rows = open.db.newIterator(open.table(table), options)) {
                rows.seekToLast();
                while (rows.isValid() && visitor.visit(Bytes.wrap(rows.key()), Bytes.wrap(rows.value()))) {
                    rows.prev();
                }
                rows.status();
            }
        } catch (RocksDBException e) {
            throw failure("scanning", e);
        }
    }

    @Override
    public long count(Table table, Bytes from, @Nullable Bytes to) {
        if (to != null && from.compareTo(to) >= 0) {
            return 0;
        }
        OrderedStoreDatabase open = database();
        try (Slice end = to == null ? null : new Slice(to.toByteArray());
                ReadOptions options = new ReadOptions()) {
            if (end != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator rows = open.db.newIterator(open.table(table), options)) {
                long count = 0;
                for (rows.seek(from.toByteArray()); rows.isValid(); rows.next()) {
                    count++;
                }
                rows.status();
                return count;
            }
        } catch (RocksDBException e) {
            throw failure("counting", e);
        }
    }

    @Override
    public void apply(StoreBatch batch) {
        OrderedStoreDatabase open = database();
        try {
            filler.fill(batch, open);
            open.db.write(writeOptions, writeBatch);
        } catch (RocksDBException e) {
            throw failure("writing", e);
        } finally {
            writeBatch.clear();
        }
    }

    @Override
    public long sizeBytes() {
        // A caller who comes while the database is exchanged gets the last answer instead of waiting.
        if (exchange.tryLock()) {
            try {
                if (database != null) {
                    lastSizeBytes = database.db.getAggregatedLongProperty("rocksdb.live-sst-files-size")
                            + database.db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
                }
            } catch (RocksDBException e) {
                throw failure("asking for the size", e);
            } finally {
                exchange.unlock();
            }
        }
        return lastSizeBytes;
    }

    @Override
    public CheckpointWriter checkpoint() {
        try {
            return database().capture();
        } catch (RocksDBException e) {
            throw failure("taking a checkpoint", e);
        }
    }

    @Override
    public void restore(Path checkpoint) throws IOException {
        if (!Files.isRegularFile(checkpoint.resolve("CURRENT"))) {
            throw new IOException("no checkpoint of a RocksDB in " + checkpoint);
        }
        Path old = live();
        exchange.lock();
        try {
            database().close();
            database = null;
            DurableFiles.deleteTree(old);
            generation++;
            Path live = Files.createDirectories(live());
            OrderedStoreFiles.linkAll(checkpoint, live);
            database = OrderedStoreDatabase.open(live);
        } catch (RocksDBException e) {
            throw new IOException("the checkpoint in " + checkpoint + " cannot be opened", e);
        } finally {
            exchange.unlock();
        }
    }

    /** Another one after each {@link #restore}: who still writes an earlier checkpoint finds no files of the same names. */
    private Path live() {
        return directory.resolve(LIVE + generation);
    }

    @Override
    public void close() {
        exchange.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (database != null) {
                database.close();
                database = null;
            }
            writeBatch.close();
            readOptions.close();
            writeOptions.close();
        } finally {
            exchange.unlock();
        }
    }

    private OrderedStoreDatabase database() {
        OrderedStoreDatabase open = database;
        if (open == null) {
            throw new IllegalStateException("the store is closed, or could not be restored");
        }
        return open;
    }

    private static StorageException failure(String what, RocksDBException e) {
        Status status = e.getStatus();
        StorageException.Kind kind = StorageException.Kind.IO;
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            kind = StorageException.Kind.STORAGE_FULL;
        } else if (status != null && status.getCode() == Status.Code.Corruption) {
            kind = StorageException.Kind.CORRUPT;
        }
        return new StorageException(kind, what + ": " + e.getMessage(), e);
    }
}
