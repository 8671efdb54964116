package io.loggos.storage.rocksdb;

import io.loggos.api.LogId;
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
 * The tables of entries as they lie on the disk at one moment, and which of them are dead: of one log, and wholly
 * below where it is truncated.
 *
 * @param bytes of all tables
 * @param deadBytes of those that are dead
 * @param droppable what the dead ones hold that RocksDB drops; it leaves the new ones until they are moved down
 * @param fresh how many are new: not compacted yet
 * @param freshShared how many of these are of more than one log
 * @param compacting whether some are being replaced by others
 */
record EntryTables(long bytes, long deadBytes, List<Slots> droppable, int fresh, int freshShared, boolean compacting) {
    /** The slots of a log from one on to before another. */
    record Slots(LogId log, long fromSlot, long belowSlot) {
        byte[] first() {
            return Keys.entry(log, fromSlot);
        }

        byte[] end() {
            return Keys.entry(log, belowSlot);
        }
    }

    /**
     * The tables that there are.
     *
     * @param truncated the slots of each log that it is truncated by
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

    /** About how much all tables hold of these slots. */
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
