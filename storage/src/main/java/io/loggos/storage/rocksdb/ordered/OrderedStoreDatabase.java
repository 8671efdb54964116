package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.replica.CheckpointWriter;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.rocksdb.DirectIo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** An open RocksDB with a column family for each table, and all objects that must be closed with it. */
final class OrderedStoreDatabase implements AutoCloseable {
    private static final long BLOCK_CACHE_BYTES = 32L << 20;
    private static final long WRITE_BUFFER_BYTES = 16L << 20;
    /**
     * Number of memory tables of a family. One is active and the others wait for a flush; a checkpoint makes one more
     * wait.
     */
    private static final int WRITE_BUFFERS = 4;

    private static final long ALL_WRITE_BUFFERS_BYTES = 64L << 20;
    /** A checkpoint contains a copy of the manifest, which grows with each change of the files up to this size. */
    private static final long MANIFEST_BYTES = 4L << 20;

    /** Files that were just flushed are merged soon, so they are not compressed. */
    private static final List<CompressionType> COMPRESSION =
            List.of(CompressionType.NO_COMPRESSION, CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION);

    final RocksDB db;
    private final Captures captures;
    private final EnumMap<Table, ColumnFamilyHandle> tables = new EnumMap<>(Table.class);
    private final List<AutoCloseable> natives;
    private final DatabaseRows rows;

    /** Held shared by each read of a snapshot, and exclusively by the end of this database. */
    private final ReentrantReadWriteLock readers = new ReentrantReadWriteLock();

    private final Set<DatabaseSnapshot> snapshots = ConcurrentHashMap.newKeySet();
    /** The defragmentations under way. Guarded by itself. */
    private final List<CompactRangeOptions> defragmenting = new ArrayList<>();

    private volatile boolean ending;

    private OrderedStoreDatabase(
            RocksDB db, List<ColumnFamilyHandle> handles, Captures captures, List<AutoCloseable> natives) {
        this.db = db;
        this.captures = captures;
        this.natives = natives;
        // The first is the default column family, which is empty.
        int at = 1;
        for (Table table : Table.values()) {
            tables.put(table, handles.get(at++));
        }
        this.rows = new DatabaseRows(this, db, null);
    }

    static OrderedStoreDatabase open(Path directory) throws RocksDBException {
        List<AutoCloseable> natives = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES);
            natives.add(cache);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, scannedTable(cache, natives)));
            for (Table table : Table.values()) {
                byte[] name = table.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
                ColumnFamilyOptions options =
                        table == Table.CURRENT ? lookedUpTable(cache, natives) : scannedTable(cache, natives);
                descriptors.add(new ColumnFamilyDescriptor(name, options));
            }
            Captures captures = new Captures(directory);
            natives.add(captures);
            DBOptions options = options(directory, natives).setListeners(List.of(captures));
            RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles);
            natives.add(0, db);
            natives.addAll(0, handles);
            captures.attach(db);
            return new OrderedStoreDatabase(db, handles, captures, natives);
        } catch (RocksDBException | RuntimeException | Error e) {
            closeAll(natives);
            throw e;
        }
    }

    ColumnFamilyHandle table(Table table) {
        return Objects.requireNonNull(tables.get(table));
    }

    /** Returns the rows as they are now. On the thread that writes. */
    DatabaseRows rows() {
        return rows;
    }

    /** Captures the rows for reading. On the thread that writes. */
    DatabaseSnapshot snapshot() {
        DatabaseSnapshot snapshot = new DatabaseSnapshot(this, new DatabaseRows(this, db, db.getSnapshot()));
        snapshots.add(snapshot);
        return snapshot;
    }

    void beginReading() {
        readers.readLock().lock();
    }

    void endReading() {
        readers.readLock().unlock();
    }

    /** True once {@link #close} was called. Reads of snapshots end then. */
    boolean isEnding() {
        return ending;
    }

    /** Forgets a snapshot, within {@link #beginReading} and {@link #endReading}. */
    void release(DatabaseSnapshot snapshot) {
        if (snapshots.remove(snapshot)) {
            snapshot.free();
        }
    }

    /** Captures all tables at this moment. Must be called on the thread that writes. */
    CheckpointWriter capture() throws RocksDBException {
        return captures.begin(List.copyOf(tables.values()));
    }

    /** Compacts all tables into as few files as they need. Ends early with the database. Any thread. */
    void defragment() throws RocksDBException {
        beginReading();
        try (CompactRangeOptions whole = new CompactRangeOptions()
                .setExclusiveManualCompaction(false)
                .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
            synchronized (defragmenting) {
                defragmenting.add(whole);
            }
            try {
                for (ColumnFamilyHandle table : tables.values()) {
                    if (!ending) {
                        db.compactRange(table, null, null, whole);
                    }
                }
            } catch (RocksDBException e) {
                if (!ending) {
                    throw e;
                }
            } finally {
                synchronized (defragmenting) {
                    defragmenting.remove(whole);
                }
            }
        } finally {
            endReading();
        }
    }

    /** Ends all snapshots, and closes the database when their reads have ended. */
    @Override
    public void close() {
        ending = true;
        synchronized (defragmenting) {
            defragmenting.forEach(each -> each.setCanceled(true));
        }
        readers.writeLock().lock();
        try {
            snapshots.forEach(DatabaseSnapshot::free);
            snapshots.clear();
            rows.close();
            captures.detach();
            closeAll(natives);
        } finally {
            readers.writeLock().unlock();
        }
    }

    private static DBOptions options(Path directory, List<AutoCloseable> natives) {
        DBOptions options = new DBOptions();
        natives.add(0, options);
        return options.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // Without a write-ahead log, only this option keeps the tables on disk consistent with each other.
                .setAtomicFlush(true)
                .setAvoidFlushDuringShutdown(true)
                .setAllowConcurrentMemtableWrite(false)
                .setUseDirectIoForFlushAndCompaction(DirectIo.isSupported(directory))
                .setDbWriteBufferSize(ALL_WRITE_BUFFERS_BYTES)
                .setMaxManifestFileSize(MANIFEST_BYTES)
                .setMaxBackgroundJobs(2)
                .setStatsDumpPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
    }

    /** Returns options for a table in which single keys are looked up; many of them do not exist. */
    private static ColumnFamilyOptions lookedUpTable(LRUCache cache, List<AutoCloseable> natives) {
        BloomFilter filter = new BloomFilter(10);
        natives.add(0, filter);
        return tableOptions(new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter), natives)
                .setMemtablePrefixBloomSizeRatio(0.05)
                .setMemtableWholeKeyFiltering(true);
    }

    /** Returns options for a table that is read in order. */
    private static ColumnFamilyOptions scannedTable(LRUCache cache, List<AutoCloseable> natives) {
        return tableOptions(new BlockBasedTableConfig().setBlockCache(cache), natives);
    }

    private static ColumnFamilyOptions tableOptions(BlockBasedTableConfig format, List<AutoCloseable> natives) {
        ColumnFamilyOptions options = new ColumnFamilyOptions();
        natives.add(0, options);
        return options.setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionPerLevel(COMPRESSION)
                .setTableFormatConfig(format);
    }

    private static void closeAll(List<AutoCloseable> natives) {
        for (AutoCloseable each : natives) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing a RocksDB object does not fail", e);
            }
        }
        natives.clear();
    }
}
