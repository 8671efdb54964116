package io.loggos.storage.rocksdb;

import io.loggos.api.LogId;
import io.loggos.storage.rocksdb.EntryTables.Slots;
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
 * Gives back the room of truncated slots. Nobody sees them, since every read begins at the mark; so this can be late,
 * and it is a background thread's work, a moment after a truncation and after opening. It looks at what lies in the
 * tables, not at what was truncated: there is nothing that a restart must remember.
 *
 * <ul>
 *   <li>A table that holds nothing but truncated slots of one log is dropped whole. For a log that fills tables by
 *       itself this is all: no tombstone makes its tables overlap, and so they are never rewritten.
 *   <li>Tables that logs share overlap, and RocksDB rewrites them to put them in order. So while there are such tables
 *       among the new ones, each truncation comes with a tombstone, and what is under it is not written again.
 *   <li>RocksDB may not come to an old table for ever. When more is dead than {@value #MEMTABLES_DEAD} memtables, and
 *       more than {@value #DEAD_PER_LIVE} times what lives, all of it gets a tombstone and everything is compacted. So
 *       for each byte copied at least two come back.
 * </ul>
 *
 * <p>It reads the marks that writes leave once they are synced: no table goes before its mark is durable.
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
    /** Whether one of the new tables is of more than one log. Keeps its value while there are none. */
    private volatile boolean shared;

    /** @param marks those that are durable */
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

    /** Has it looked before long. Any thread; returns at once. */
    void wake() {
        if (!scheduled.getAndSet(true)) {
            ScheduledFuture<?> unused = thread.schedule(this::run, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether a tombstone costs nothing, since tables overlap that must be rewritten anyway. As of a moment ago. */
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

    /** Gives back what it can; returns whether there may be more to give back in a moment. */
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
            // Truncations so far came without tombstones.
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
        // What is in dead tables goes without being compacted.
        return all - tables.deadBytes() > Math.max(some, DEAD_PER_LIVE * (tables.bytes() - all));
    }

    /** Not synced: if the tombstones are lost, all is still as dead as it was. */
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

    /** Breaks off what it does and waits for its end: the database must not be closed under it. */
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
