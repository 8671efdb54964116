package io.loggos.storage.rocksdb;

import io.loggos.api.StorageOptions;
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
 * The RocksDB of a store. Three column families, since each has tables of its own:
 *
 * <ul>
 *   <li>{@link #entries}: what is accepted and learned, written once in the order of the keys and forgotten from the
 *       front. Universal compaction: its runs follow each other in time and hence, log by log, in slots. Where they do
 *       not overlap, as those of a log that fills them alone, they become one run without being rewritten, and what was
 *       truncated goes table by table: see {@link Reclaimer}.
 *   <li>{@link #small} and {@link #mirror}: the small records, in two copies that never share a file (rules.md F-13).
 * </ul>
 *
 * <p>They are flushed together ({@code atomic_flush}), so that no family is ahead of another whatever becomes of the
 * write-ahead log (P-3), and a quiet one does not keep it from being cut.
 *
 * <p>The recovery mode is point-in-time: replay ends at the first record that does not check. A torn tail, garbage in it
 * included, needs no person; {@code kTolerateCorruptedTailRecords} would refuse to open over garbage, {@code
 * kAbsoluteConsistency} over any tail. That it also ends silently at rot in the middle is what {@link Chain} and {@link
 * FenceFile} are for. Files of the write-ahead log are used again: to overwrite blocks that a file has takes half the
 * time of a sync that must also give it new ones. Each record names the number of its file, so an older one behind the
 * tail ends the replay as garbage does. What recovery finds is flushed before the store is used ({@code avoid_flush_during_recovery = false}): after
 * a failed sync the page cache may hold what the disk does not (F-10).
 */
final class LogDatabase implements AutoCloseable {
    /** The name of the family {@link #entries}. */
    static final byte[] ENTRIES = "entries".getBytes(StandardCharsets.UTF_8);

    private static final long BLOCK_CACHE_BYTES = 16L << 20;
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int MEMTABLES = 3;
    private static final int OPEN_FILES = 512;
    /** How many runs lie beside each other before they become one. */
    private static final int RUNS = 8;
    /** As many as are written while the memtables behind them are flushed. */
    private static final int RECYCLED_LOGS = MEMTABLES;

    final RocksDB db;
    final ColumnFamilyHandle small;
    final ColumnFamilyHandle mirror;
    final ColumnFamilyHandle entries;
    /** What must be closed after the database, in this order. */
    private final List<RocksObject> natives;

    private LogDatabase(RocksDB db, List<ColumnFamilyHandle> handles, List<RocksObject> natives) {
        this.db = db;
        this.small = handles.get(0);
        this.mirror = handles.get(1);
        this.entries = handles.get(2);
        this.natives = natives;
    }

    /** Makes an empty database. */
    static void create(Path directory, StorageOptions options) throws RocksDBException {
        open(directory, options, true).close();
    }

    /** Opens a database that exists. */
    static LogDatabase open(Path directory, StorageOptions options) throws RocksDBException {
        return open(directory, options, false);
    }

    private static LogDatabase open(Path directory, StorageOptions options, boolean create) throws RocksDBException {
        RocksDB.loadLibrary();
        List<RocksObject> natives = new ArrayList<>();
        try {
            DBOptions dbOptions = kept(natives, databaseOptions(options, create))
                    .setUseDirectIoForFlushAndCompaction(DirectIo.isSupported(directory));
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
            RocksDB db = RocksDB.open(
                    dbOptions,
                    directory.toString(),
                    List.of(
                            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, smallOptions),
                            new ColumnFamilyDescriptor("mirror".getBytes(StandardCharsets.UTF_8), smallOptions),
                            new ColumnFamilyDescriptor(ENTRIES, entryOptions)),
                    handles);
            return new LogDatabase(db, handles, natives);
        } catch (RocksDBException | RuntimeException e) {
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
     * A memtable that remembers for each log where its last entry lies, and need not look for the place of the next. There
     * is no setter for that.
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

    /** Writes tables of what only the write-ahead log holds, so that the next start need not replay it. */
    void flush() throws RocksDBException {
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            db.flush(waiting, List.of(small, mirror, entries));
        }
    }

    /** Drops the tables that hold nothing but entries of these slots. */
    void dropTables(EntryTables.Slots slots) throws RocksDBException {
        db.deleteFilesInRanges(entries, List.of(slots.first(), slots.end()), false);
    }

    /** Rewrites all entries that live, and returns once that is done or broken off. */
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
