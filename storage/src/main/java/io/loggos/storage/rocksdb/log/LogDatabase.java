package io.loggos.storage.rocksdb.log;

import io.loggos.api.node.StorageOptions;
import io.loggos.storage.rocksdb.DirectIo;
import io.loggos.storage.rocksdb.NativeLibrary;
import io.loggos.storage.rocksdb.directory.FenceFile;
import io.loggos.storage.rocksdb.record.Chain;
import io.loggos.storage.rocksdb.record.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/**
 * The RocksDB of a store. Each of its three column families has tables of its own.
 *
 * <ul>
 *   <li>Family {@link #entries}: accepted and learned values, written in key order and deleted from the front. It uses
 *       universal compaction: its runs follow each other in time, and so, for each log, in slots. Runs that do not
 *       overlap become one run without being rewritten, such as those of a log that fills its tables alone. Truncated
 *       slots are released table by table: see {@link Reclaimer}.
 *   <li>Families {@link #small} and {@link #mirror}: the small records, in two copies that never share a file
 *       (RULES.md F-13).
 * </ul>
 *
 * <p>All families are flushed together ({@code atomic_flush}). So no family is ahead of another, whatever happens to
 * the write-ahead log (RULES.md P-3). And a family with few writes does not keep old log files alive.
 *
 * <p>The recovery mode is point-in-time: replay ends at the first record that is not sound. A torn or garbled tail
 * needs no operator. {@code kTolerateCorruptedTailRecords} would refuse to open after garbage, and
 * {@code kAbsoluteConsistency} after any torn tail. But replay also ends silently at corruption in the middle, so
 * {@link Chain} and {@link FenceFile} detect that.
 *
 * <p>Files of the write-ahead log are reused. Overwriting existing blocks takes half the time of a sync that must also
 * allocate new ones. Each record names the number of its file, so an old record behind the tail ends the replay as
 * garbage does. Recovered data is flushed before the store is used ({@code avoid_flush_during_recovery = false}). The
 * reason is that after a failed sync the page cache may hold data that the disk does not (RULES.md F-10).
 */
final class LogDatabase implements AutoCloseable {
    /** Name of the column family {@link #entries}. */
    static final byte[] ENTRIES = "entries".getBytes(StandardCharsets.UTF_8);

    private static final long BLOCK_CACHE_BYTES = 16L << 20;
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int MEMTABLES = 3;
    private static final int OPEN_FILES = 512;
    /** Number of runs that are merged into one. */
    private static final int RUNS = 8;
    /** One file for each memtable: as many files are written while memtables are flushed. */
    private static final int RECYCLED_LOGS = MEMTABLES;

    final RocksDB db;
    final ColumnFamilyHandle small;
    final ColumnFamilyHandle mirror;
    final ColumnFamilyHandle entries;
    /** Objects to be closed after the database, in this order. */
    private final List<RocksObject> natives;

    private LogDatabase(RocksDB db, List<ColumnFamilyHandle> handles, List<RocksObject> natives) {
        this.db = db;
        this.small = handles.get(0);
        this.mirror = handles.get(1);
        this.entries = handles.get(2);
        this.natives = natives;
    }

    /** Purpose of an opening. */
    private enum Purpose {
        CREATE,
        WRITE,
        LOOK
    }

    /** Creates an empty database. */
    static void create(Path directory, StorageOptions options) throws RocksDBException {
        open(directory, options, Purpose.CREATE).close();
    }

    /** Opens an existing database. */
    static LogDatabase open(Path directory, StorageOptions options) throws RocksDBException {
        return open(directory, options, Purpose.WRITE);
    }

    /**
     * Opens an existing database for reading only, as {@link #open} would find it. The write-ahead log is replayed into
     * memory. No file is created, changed or deleted (RULES.md O-3).
     */
    static LogDatabase look(Path directory, StorageOptions options) throws RocksDBException {
        return open(directory, options, Purpose.LOOK);
    }

    private static LogDatabase open(Path directory, StorageOptions options, Purpose purpose) throws RocksDBException {
        NativeLibrary.load();
        List<RocksObject> natives = new ArrayList<>();
        try {
            // The probe for direct I/O makes a file, and a look writes no tables.
            DBOptions dbOptions = kept(natives, databaseOptions(options, purpose == Purpose.CREATE))
                    .setUseDirectIoForFlushAndCompaction(purpose != Purpose.LOOK && DirectIo.isSupported(directory));
            Cache cache = kept(natives, new LRUCache(BLOCK_CACHE_BYTES));
            ColumnFamilyOptions smallOptions = kept(natives, familyOptions(new ColumnFamilyOptions(), cache, options));
            CompactionOptionsUniversal universal =
                    kept(natives, new CompactionOptionsUniversal().setAllowTrivialMove(true));
            ColumnFamilyOptions entryOptions = kept(
                    natives,
                    familyOptions(logByLog(), cache, options)
                            .setCompactionStyle(CompactionStyle.UNIVERSAL)
                            .setLevel0FileNumCompactionTrigger(RUNS)
                            .setLevel0SlowdownWritesTrigger(4 * RUNS)
                            .setLevel0StopWritesTrigger(6 * RUNS)
                            .setCompactionOptionsUniversal(universal));
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            List<ColumnFamilyDescriptor> families = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, smallOptions),
                    new ColumnFamilyDescriptor("mirror".getBytes(StandardCharsets.UTF_8), smallOptions),
                    new ColumnFamilyDescriptor(ENTRIES, entryOptions));
            RocksDB db = purpose == Purpose.LOOK
                    ? RocksDB.openReadOnly(dbOptions, directory.toString(), families, handles)
                    : RocksDB.open(dbOptions, directory.toString(), families, handles);
            return new LogDatabase(db, handles, natives);
        } catch (RocksDBException | RuntimeException | Error e) {
            natives.forEach(RocksObject::close);
            throw e;
        }
    }

    private static <T extends RocksObject> T kept(List<RocksObject> natives, T made) {
        natives.add(0, made);
        return made;
    }

    private static DBOptions databaseOptions(StorageOptions options, boolean create) {
        return new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setRecycleLogFileNum(RECYCLED_LOGS)
                .setAvoidFlushDuringRecovery(false)
                .setAtomicFlush(true)
                .setMaxTotalWalSize(2 * options.memtableBytes())
                .setMaxBackgroundJobs(2)
                .setMaxBgErrorResumeCount(0)
                .setMaxOpenFiles(OPEN_FILES)
                .setBytesPerSync(1 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(4)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    /**
     * Returns options for a memtable that remembers the position of the last entry of each log. So it need not search
     * for the position of the next entry. RocksDB's Java classes have no setter for this option.
     */
    private static ColumnFamilyOptions logByLog() {
        Properties hints = new Properties();
        hints.setProperty("memtable_insert_with_hint_prefix_extractor", "fixed:" + Keys.LOG_BYTES);
        return Objects.requireNonNull(ColumnFamilyOptions.getColumnFamilyOptionsFromProps(hints));
    }

    private static ColumnFamilyOptions familyOptions(ColumnFamilyOptions family, Cache cache, StorageOptions options) {
        return family.setWriteBufferSize(options.memtableBytes())
                .setMaxWriteBufferNumber(MEMTABLES)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(BLOCK_BYTES)
                        .setCacheIndexAndFilterBlocks(true));
    }

    /** Flushes the memtables into tables, so that the next start need not replay the write-ahead log. */
    void flush() throws RocksDBException {
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            db.flush(waiting, List.of(small, mirror, entries));
        }
    }

    /** Drops the tables that hold only entries of these slots. */
    void dropTables(EntryTables.Slots slots) throws RocksDBException {
        db.deleteFilesInRanges(entries, List.of(slots.first(), slots.end()), false);
    }

    /** Compacts all tables of entries. Returns when that is done or cancelled. */
    void compactEntries(CompactRangeOptions options) throws RocksDBException {
        db.compactRange(entries, null, null, options);
    }

    @Override
    public void close() {
        small.close();
        mirror.close();
        entries.close();
        db.close();
        natives.forEach(RocksObject::close);
    }
}
