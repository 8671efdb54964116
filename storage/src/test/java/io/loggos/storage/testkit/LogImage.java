package io.loggos.storage.testkit;

import io.loggos.api.Ballot;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Content of one log after the records applied to it: the plainest statement of what each record means. */
final class LogImage {
    /** Bytes that an entry counts besides its value, so that empty and faulty ones are bounded too. */
    private static final int ENTRY_BYTES = 48;

    private Ballot promised = Ballot.ZERO;
    private long chosenThrough;
    private long truncatedBelow = 1;
    private LogRecord.@Nullable Configured configured;
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();

    void apply(LogRecord record) {
        if (record instanceof LogRecord.Promised promise) {
            if (promise.ballot().isBelow(promised)) {
                throw new IllegalStateException(promise + " after a promise of " + promised);
            }
            promised = promise.ballot();
        } else if (record instanceof LogRecord.Accepted accepted) {
            put(LogEntry.of(accepted.slot(), accepted.ballot(), accepted.value()));
        } else if (record instanceof LogRecord.Learned learned) {
            put(LogEntry.of(learned.slot(), learned.ballot(), learned.value()));
        } else if (record instanceof LogRecord.ChosenThrough chosen) {
            chosenThrough = Math.max(chosenThrough, chosen.slot());
        } else if (record instanceof LogRecord.Configured next) {
            configured = configured == null || configured.number() < next.number() ? next : configured;
        } else if (record instanceof LogRecord.TruncatedBelow truncated) {
            truncatedBelow = Math.max(truncatedBelow, truncated.slot());
            chosenThrough = Math.max(chosenThrough, truncatedBelow - 1);
            entries.headMap(truncatedBelow, false).clear();
        }
    }

    RecoveredLog recovered() {
        return new RecoveredLog(
                promised,
                chosenThrough,
                truncatedBelow,
                List.copyOf(entries.tailMap(chosenThrough, false).values()),
                configured);
    }

    List<LogEntry> read(long fromSlot, long throughSlot, int limitBytes) {
        List<LogEntry> read = new ArrayList<>();
        long bytes = 0;
        for (LogEntry entry : entries.tailMap(fromSlot, true).values()) {
            bytes += ENTRY_BYTES + entry.value().size();
            if (entry.slot() > throughSlot || (!read.isEmpty() && bytes > limitBytes)) {
                break;
            }
            read.add(entry);
        }
        return read;
    }

    boolean corrupt(long slot) {
        return entries.replace(slot, LogEntry.faultyAt(slot)) != null;
    }

    LogImage copy() {
        LogImage copy = new LogImage();
        copy.promised = promised;
        copy.chosenThrough = chosenThrough;
        copy.truncatedBelow = truncatedBelow;
        copy.configured = configured;
        copy.entries.putAll(entries);
        return copy;
    }

    private void put(LogEntry entry) {
        if (entry.slot() >= truncatedBelow) {
            entries.put(entry.slot(), entry);
        }
    }
}
