package io.loggos.storage.rocksdb.log;

import io.loggos.api.LogId;
import io.loggos.storage.rocksdb.record.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Range;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;

/**
 * The tables of entries on the disk at one moment. A table is dead if it holds entries of one log only, all of them
 * below the truncation of that log.
 *
 * @param bytes size of all tables
 * @param deadBytes size of the dead tables
 * @param droppable contents of the dead tables that RocksDB can drop; it cannot drop new ones, at level 0
 * @param fresh number of new tables, which were not compacted yet
 * @param freshShared number of new tables with entries of more than one log
 * @param compacting true if a compaction of some tables is running
 */
record EntryTables(long bytes, long deadBytes, List<Slots> droppable, int fresh, int freshShared, boolean compacting) {
    /** A range of slots of a log: the first inclusive, the last exclusive. */
    record Slots(LogId log, long fromSlot, long belowSlot) {
        byte[] first() {
            return Keys.entry(log, fromSlot);
        }

        byte[] end() {
            return Keys.entry(log, belowSlot);
        }
    }

    /**
     * Returns the tables that exist now.
     *
     * @param truncated the truncated slots of each log
     */
    static EntryTables of(LogDatabase database, List<Slots> truncated) {
        Map<LogId, Long> below = new HashMap<>();
        truncated.forEach(each -> below.put(each.log, each.belowSlot));
        long bytes = 0;
        long deadBytes = 0;
        int fresh = 0;
        int freshShared = 0;
        boolean compacting = false;
        List<Slots> droppable = new ArrayList<>();
        for (LiveFileMetaData file : database.db.getLiveFilesMetaData()) {
            if (!Arrays.equals(file.columnFamilyName(), LogDatabase.ENTRIES)) {
                continue;
            }
            bytes += file.size();
            compacting |= file.beingCompacted();
            fresh += file.level() == 0 ? 1 : 0;
            LogId log = Keys.entryLog(file.smallestKey());
            long last = Keys.slot(file.largestKey());
            if (!log.equals(Keys.entryLog(file.largestKey()))) {
                freshShared += file.level() == 0 ? 1 : 0;
            } else if (last < below.getOrDefault(log, 0L)) {
                deadBytes += file.size();
                if (file.level() > 0) {
                    droppable.add(new Slots(log, Keys.slot(file.smallestKey()), last + 1));
                }
            }
        }
        return new EntryTables(bytes, deadBytes, droppable, fresh, freshShared, compacting);
    }

    /** Returns the approximate size of these slots in all tables. */
    static long bytesOf(LogDatabase database, List<Slots> slots) {
        List<Slice> ends = new ArrayList<>();
        try {
            List<Range> ranges = new ArrayList<>();
            for (Slots each : slots) {
                Slice first = new Slice(each.first());
                ends.add(first);
                Slice end = new Slice(each.end());
                ends.add(end);
                ranges.add(new Range(first, end));
            }
            return Arrays.stream(database.db.getApproximateSizes(
                            database.entries, ranges, SizeApproximationFlag.INCLUDE_FILES))
                    .sum();
        } finally {
            ends.forEach(Slice::close);
        }
    }
}
