package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.internal.files.DurableFiles;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.rows.RowsSnapshot;
import io.loggos.storage.kv.rows.StoreBatch;
import io.loggos.storage.rocksdb.NativeLibrary;
import io.loggos.storage.rocksdb.RocksDbFailures;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows in a RocksDB of their own, with a column family for each table and without a write-ahead log. The replicated log
 * serves as its log: after a restart the content comes back from a checkpoint and that log. {@link OrderedStore} states
 * the rules for threads.
 *
 * <p>For a checkpoint the memory tables are flushed, some tens of megabytes at most. The files of the database, which
 * are never modified again, get a second name. Both happens in the background: see {@link Captures}. Restoring links
 * the files in the other direction.
 */
public final class RocksDbOrderedStore implements OrderedStore {
    private static final String LIVE = "live-";

    private final Path directory;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final WriteBatch writeBatch = new WriteBatch();
    private final BatchFiller filler = new BatchFiller(writeBatch);

    /** Held while the database is replaced or closed. Sizes and {@link #defragment} come from other threads. */
    private final ReentrantLock exchange = new ReentrantLock();

    private volatile long lastSizeBytes;
    private volatile long lastInUseBytes;
    private @Nullable OrderedStoreDatabase database;
    private int generation;
    private boolean closed;

    private RocksDbOrderedStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens an empty store in a directory, which is created if it does not exist. <b>Deletes what a store left there
     * before</b>, because the state always comes back through {@link #restore} and the log. The caller makes sure that
     * no other process uses the directory.
     *
     * @param directory on the default file system; nothing else should be in it
     * @throws StorageException if it cannot be opened
     */
    public static RocksDbOrderedStore open(Path directory) {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("RocksDB needs the default file system: " + directory);
        }
        NativeLibrary.load();
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
            throw RocksDbFailures.of("cannot open " + directory, e);
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    @Override
    public @Nullable Bytes get(Table table, Bytes key) {
        return database().rows().get(table, key);
    }

    @Override
    public void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor) {
        database().rows().scan(table, from, to, visitor);
    }

    @Override
    public long count(Table table, Bytes from, @Nullable Bytes to, long most) {
        return database().rows().count(table, from, to, most);
    }

    @Override
    public RowsSnapshot snapshot() {
        return database().snapshot();
    }

    @Override
    public void apply(StoreBatch batch) {
        OrderedStoreDatabase open = database();
        try {
            filler.fill(batch, open);
            open.db.write(writeOptions, writeBatch);
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("writing", e);
        } finally {
            writeBatch.clear();
        }
    }

    @Override
    public long sizeBytes() {
        lastSizeBytes = measured("rocksdb.live-sst-files-size", lastSizeBytes);
        return lastSizeBytes;
    }

    @Override
    public long sizeInUseBytes() {
        lastInUseBytes = Math.min(sizeBytes(), measured("rocksdb.estimate-live-data-size", lastInUseBytes));
        return lastInUseBytes;
    }

    /**
     * Returns the size of the files by a property of RocksDB, with that of the memory tables. A caller who comes while
     * the database is replaced gets the previous answer instead of waiting.
     */
    private long measured(String property, long previous) {
        if (!exchange.tryLock()) {
            return previous;
        }
        try {
            return database == null
                    ? previous
                    : database.db.getAggregatedLongProperty(property)
                            + database.db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("asking for the size", e);
        } finally {
            exchange.unlock();
        }
    }

    @Override
    public void defragment() {
        OrderedStoreDatabase open;
        exchange.lock();
        try {
            open = database();
        } finally {
            exchange.unlock();
        }
        try {
            open.defragment();
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("defragmenting", e);
        }
    }

    @Override
    public CheckpointWriter checkpoint() {
        try {
            return database().capture();
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("taking a checkpoint", e);
        }
    }

    @Override
    public void restore(Path checkpoint) throws IOException {
        if (!Files.isRegularFile(checkpoint.resolve("CURRENT"))) {
            throw new IOException("no checkpoint of a RocksDB in " + checkpoint);
        }
        database(); // The store must be open.
        Path old = live();
        int before = generation;
        generation++;
        OrderedStoreDatabase restored;
        try {
            DurableFiles.deleteTree(live());
            Path live = Files.createDirectories(live());
            OrderedStoreFiles.linkAll(checkpoint, live);
            restored = OrderedStoreDatabase.open(live);
        } catch (IOException | RocksDBException e) {
            DurableFiles.deleteTree(live());
            generation = before;
            throw new IOException("the checkpoint in " + checkpoint + " cannot be opened: " + e.getMessage(), e);
        }
        exchange.lock();
        try {
            database().close();
            database = restored;
        } finally {
            exchange.unlock();
        }
        DurableFiles.deleteTree(old);
    }

    /**
     * Returns the current directory. {@link #restore} takes a new one, so that names of earlier files are not used
     * again.
     */
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
}
