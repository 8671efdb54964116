package io.loggos.storage.rocksdb.log;

import io.loggos.api.LogId;
import io.loggos.storage.rocksdb.log.EntryTables.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases the disk space of truncated slots. Every read begins at the truncation mark, so nobody sees these slots, and
 * the work may be late. A background thread does it, shortly after a truncation and after an open. It looks at the
 * existing tables, not at past truncations, so a restart has nothing to remember.
 *
 * <ul>
 *   <li>A table that holds only truncated slots of one log is dropped as a whole. A log that fills its tables alone
 *       needs nothing else. No tombstone makes its tables overlap, so they are never rewritten.
 *   <li>Tables that several logs share overlap, and RocksDB rewrites them to sort them. So while such tables are among
 *       the new ones, each truncation writes a range tombstone, and the rewrite leaves out the slots under it.
 *   <li>RocksDB may never compact an old table. If the dead data exceeds {@value #MEMTABLES_DEAD} memtables and
 *       {@value #DEAD_PER_LIVE} times the live data, all of it gets a tombstone and everything is compacted. So each
 *       byte copied releases at least two.
 * </ul>
 *
 * <p>It reads marks that are already synced, so no table is dropped before its mark is durable.
 */
final class Reclaimer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reclaimer.class);

    static final int MEMTABLES_DEAD = 16;
    static final int DEAD_PER_LIVE = 2;
    private static final long PAUSE_MILLIS = 500;

    private final LogDatabase database;
    private final BatchCommitter committer;
    private final Supplier<Map<LogId, LogMarks>> marks;
    private final long memtableBytes;
    private final CompactRangeOptions compaction =
            new CompactRangeOptions().setExclusiveManualCompaction(false).setCanceled(false);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;
    /**
     * True if one of the new tables holds entries of several logs. It keeps its value while there are no new tables.
     */
    private volatile boolean shared;

    /** @param marks supplies the durable marks */
    Reclaimer(
            LogDatabase database, BatchCommitter committer, Supplier<Map<LogId, LogMarks>> marks, long memtableBytes) {
        this.database = database;
        this.committer = committer;
        this.marks = marks;
        this.memtableBytes = memtableBytes;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread made = new Thread(task, "loggos-storage-reclaimer");
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Schedules a run of the background thread soon. Any thread; returns at once. */
    void wake() {
        if (!scheduled.getAndSet(true)) {
            ScheduledFuture<?> unused = thread.schedule(this::run, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * True if a tombstone costs nothing, because overlapping tables must be rewritten anyway. The answer may be
     * slightly old.
     */
    boolean wantsTombstones() {
        return shared;
    }

    private void run() {
        scheduled.set(false);
        try {
            if (reclaim()) {
                wake();
            }
        } catch (RocksDBException | RuntimeException e) {
            if (!thread.isShutdown()) {
                LOGGER.warn("The room of truncated slots is kept until the next truncation", e);
            }
        }
    }

    /** Releases space where it can. Returns true if there may be more to release soon. */
    synchronized boolean reclaim() throws RocksDBException {
        List<Slots> truncated = new ArrayList<>();
        marks.get().forEach((log, each) -> {
            if (each.truncatedBelow() > LogMarks.NONE.truncatedBelow()) {
                truncated.add(new Slots(log, 0, each.truncatedBelow()));
            }
        });
        if (truncated.isEmpty()) {
            return false;
        }
        EntryTables tables = EntryTables.of(database, truncated);
        boolean wasShared = shared;
        if (tables.fresh() > 0) {
            shared = tables.freshShared() > 0;
        }
        boolean tooMuch = tooMuchIsDead(tables, truncated);
        if (tooMuch || (shared && !wasShared)) {
            // Earlier truncations wrote no tombstones.
            cover(truncated);
        }
        for (Slots slots : tables.droppable()) {
            database.dropTables(slots);
        }
        if (tooMuch) {
            database.compactEntries(compaction);
        }
        return tables.compacting() || !tables.droppable().isEmpty();
    }

    private boolean tooMuchIsDead(EntryTables tables, List<Slots> truncated) {
        long some = MEMTABLES_DEAD * memtableBytes;
        if (tables.bytes() - tables.deadBytes() <= some) {
            return false;
        }
        long all = EntryTables.bytesOf(database, truncated);
        // Dead tables are dropped without a compaction.
        return all - tables.deadBytes() > Math.max(some, DEAD_PER_LIVE * (tables.bytes() - all));
    }

    /** Writes tombstones without a sync. If they are lost, a later run writes them again. */
    private void cover(List<Slots> truncated) {
        committer.commit(
                batch -> {
                    for (Slots slots : truncated) {
                        batch.forget(slots);
                    }
                },
                false,
                false);
    }

    /** Cancels a running compaction and waits for the thread: the database must not be closed under it. */
    @Override
    public void close() {
        compaction.setCanceled(true);
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        compaction.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
