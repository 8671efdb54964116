package io.loggos.storage.rocksdb.log;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.storage.rocksdb.RocksDbFailures;
import io.loggos.storage.rocksdb.directory.FenceFile;
import io.loggos.storage.rocksdb.directory.StoreDirectory;
import io.loggos.storage.rocksdb.directory.StoreIdentity;
import io.loggos.storage.rocksdb.record.Chain;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acceptor logs and the roster of a node, in one RocksDB (RULES.md F-1 to F-20). The README of this module has the
 * table of records. It says which record is durable at which moment, and how a start decides which data is valid.
 *
 * <p>One thread may call {@link #write}. Any thread may call every other method.
 */
public final class RocksDbStore extends StoreWithRoster implements AcceptorLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(RocksDbStore.class);

    private final StoreDirectory directory;
    /** Used by tests too. */
    final LogDatabase database;

    private final FenceFile fence;
    private final BatchCommitter committer;
    private final EntryReader entries;
    /** Used by tests too. */
    final Reclaimer reclaimer;

    /** Marks after the last successful write [durable as {@link LogMarks} says]. */
    private final ConcurrentHashMap<LogId, LogMarks> marks;

    private final ConcurrentHashMap<LogId, LogRecord.Configured> configured;
    private final Set<LogId> rotten;
    private final LogNames names;

    /** Used by {@link #write} only: the marks after the write in progress. */
    private final Map<LogId, LogMarks> changed = new HashMap<>();

    /** Readers hold the read lock, since RocksDB crashes if it is closed during a read. */
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksDbStore(
            StoreDirectory directory,
            LogDatabase database,
            FenceFile fence,
            BatchCommitter committer,
            SmallRecords loaded,
            long incarnation,
            StorageOptions options) {
        super(new RosterRecords(incarnation, committer, loaded));
        this.directory = directory;
        this.database = database;
        this.fence = fence;
        this.committer = committer;
        this.entries = new EntryReader(database);
        this.marks = new ConcurrentHashMap<>(loaded.marks);
        this.configured = new ConcurrentHashMap<>(loaded.configured);
        this.rotten = Set.copyOf(loaded.rotten);
        this.names = new LogNames(committer, loaded.names);
        this.reclaimer = new Reclaimer(database, committer, () -> marks, options.memtableBytes());
    }

    /**
     * Opens the store in a directory of its own. Creates a store if the directory is empty or does not exist.
     *
     * @param members all nodes of the cluster, this one included; the same at every opening once the node has met others.
     *     Of no account once a membership is stored
     * @param random source of the incarnation of a new store
     * @throws StorageException of any kind, with the reason why the store cannot be used. Every byte of the directory
     *     is then as it was (RULES.md O-3), except after a write that failed
     */
    public static RocksDbStore open(
            Path directory,
            String clusterId,
            NodeId id,
            SortedSet<NodeId> members,
            StorageOptions options,
            RandomGenerator random) {
        StoreDirectory held = StoreDirectory.hold(directory);
        try {
            if (held.isBlank()) {
                long incarnation = random.nextLong(1, Long.MAX_VALUE);
                format(held, new StoreIdentity(clusterId, id, members, incarnation), options);
            }
            return open(held, held.identity(clusterId, id), members, options);
        } catch (RocksDBException e) {
            held.close();
            throw RocksDbFailures.of("opening " + directory, e);
        } catch (IOException e) {
            held.close();
            throw RocksDbFailures.of("opening", directory, e);
        } catch (RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    private static void format(StoreDirectory directory, StoreIdentity identity, StorageOptions options)
            throws RocksDBException, IOException {
        directory.begin();
        LogDatabase.create(directory.database(), options);
        FenceFile.create(directory.fence(), Chain.origin(identity.incarnation()));
        directory.finish(identity);
        LOGGER.info("Made a store in {}: {}", directory, identity);
    }

    private static RocksDbStore open(
            StoreDirectory directory, StoreIdentity identity, SortedSet<NodeId> members, StorageOptions options)
            throws RocksDBException, IOException {
        FenceFile fence = FenceFile.open(directory.fence());
        LogDatabase database = null;
        BatchCommitter committer = null;
        try {
            SmallRecords looked = look(directory, identity, fence, options);
            if (looked.membership == null && !identity.members().equals(members)) {
                if (!looked.areOfNoUse()) {
                    throw identity.otherMembers(members, directory);
                }
                LOGGER.info("Nothing was ever promised from {}, so its members are now {}", directory, members);
                directory.replace(identity.among(members));
            }
            database = LogDatabase.open(directory.database(), options);
            SmallRecords loaded = SmallRecords.load(database, new Chain(identity.incarnation()));
            Chain.Link last = loaded.chain.recover(fence.last());
            // Opening has flushed the replayed writes, so all of them are synced now.
            fence.write(last);
            fence.sync();
            committer = new BatchCommitter(database, directory, fence, last);
            loaded.repair(committer);
            RocksDbStore store =
                    new RocksDbStore(directory, database, fence, committer, loaded, identity.incarnation(), options);
            store.reclaimer.wake();
            return store;
        } catch (RocksDBException | IOException | RuntimeException | Error e) {
            if (committer != null) {
                committer.close();
            }
            if (database != null) {
                database.close();
            }
            try {
                fence.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * Makes all checks of an opening on a database that is opened for reading only (RULES.md O-3). An opening for
     * writing replays the write-ahead log up to its damage, and then deletes it. So a refusal after that is too late.
     */
    private static SmallRecords look(
            StoreDirectory directory, StoreIdentity identity, FenceFile fence, StorageOptions options)
            throws RocksDBException {
        try (LogDatabase database = LogDatabase.look(directory.database(), options)) {
            SmallRecords looked = SmallRecords.load(database, new Chain(identity.incarnation()));
            Chain.Link unused = looked.chain.recover(fence.last());
            return looked;
        }
    }

    @Override
    public void register(LogId log, String name) {
        names.register(log, name);
    }

    @Override
    public Map<LogId, String> logs() {
        return names.all();
    }

    @Override
    public RecoveredLog recover(LogId log) {
        LogMarks known = marksOf(log);
        LogRecord.Configured last = configured.get(log);
        if (known.equals(LogMarks.NONE) && last == null) {
            return RecoveredLog.EMPTY;
        }
        List<LogEntry> open = readOpen(log, known.chosenThrough() + 1, known.highest(), Long.MAX_VALUE);
        return new RecoveredLog(known.promised(), known.chosenThrough(), known.truncatedBelow(), open, last);
    }

    @Override
    public void write(List<LogRecord> records) {
        boolean synced = false;
        boolean promises = false;
        boolean truncates = false;
        for (LogRecord record : records) {
            synced |= record.synced();
            promises |= record instanceof LogRecord.Promised;
            truncates |= record instanceof LogRecord.TruncatedBelow;
        }
        changed.clear();
        boolean marksToo = synced && roster.marks().areDue();
        committer.commit(
                batch -> {
                    stage(records, batch);
                    if (marksToo) {
                        roster.marks().stage(batch);
                    }
                },
                synced,
                promises);
        if (marksToo) {
            roster.marks().staged();
        }
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Configured next) {
                configured.put(next.log(), next);
            }
        }
        // A truncation is durable now, so no reader looks below it from here on.
        marks.putAll(changed);
        if (truncates) {
            reclaimer.wake();
        }
    }

    private void stage(List<LogRecord> records, BatchBuilder batch) throws RocksDBException {
        for (LogRecord record : records) {
            LogId log = record.log();
            LogMarks known = changed.get(log);
            LogMarks before = known == null ? marksOf(log) : known;
            LogMarks after = before.after(record);
            if (record instanceof LogRecord.Accepted accepted && accepted.slot() >= before.truncatedBelow()) {
                batch.entry(RecordKind.ACCEPTED, log, accepted.slot(), accepted.ballot(), accepted.value());
            } else if (record instanceof LogRecord.Learned learned && learned.slot() >= before.truncatedBelow()) {
                batch.entry(RecordKind.LEARNED, log, learned.slot(), learned.ballot(), learned.value());
            } else if (record instanceof LogRecord.Configured next) {
                batch.configured(next);
            } else if (after.truncatedBelow() > before.truncatedBelow() && reclaimer.wantsTombstones()) {
                batch.forget(new EntryTables.Slots(log, before.truncatedBelow(), after.truncatedBelow()));
            }
            if (!after.equals(before)) {
                changed.put(log, after);
            }
        }
        for (Map.Entry<LogId, LogMarks> each : changed.entrySet()) {
            batch.marks(each.getKey(), each.getValue());
        }
    }

    @Override
    public List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes) {
        LogMarks known = marksOf(log);
        return readOpen(
                log, Math.max(fromSlot, known.truncatedBelow()), Math.min(throughSlot, known.highest()), limitBytes);
    }

    private List<LogEntry> readOpen(LogId log, long fromSlot, long throughSlot, long limitBytes) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new StorageException(StorageException.Kind.IO, directory + " is closed");
            }
            return entries.read(log, fromSlot, throughSlot, limitBytes);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private LogMarks marksOf(LogId log) {
        if (rotten.contains(log)) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT,
                    "both copies of what this node promised in " + log + " are rotten; it can take part in that log"
                            + " only as a new incarnation");
        }
        return marks.getOrDefault(log, LogMarks.NONE);
    }

    private void writeLastMarks() {
        try {
            if (roster.marks().hasNew()) {
                committer.commit(roster.marks()::stage, true, true);
            }
        } catch (StorageException e) {
            LOGGER.warn("The last marks of the peers could not be written to {}", directory, e);
        }
    }

    /** Syncs the last writes and releases the directory. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            reclaimer.close();
            writeLastMarks();
            committer.close();
            database.close();
            try {
                fence.close();
            } catch (IOException e) {
                throw RocksDbFailures.of("closing", directory.fence(), e);
            } finally {
                directory.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
