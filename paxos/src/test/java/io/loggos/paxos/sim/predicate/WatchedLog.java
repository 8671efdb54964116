package io.loggos.paxos.sim.predicate;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;
import java.util.Optional;

/**
 * Shows the ghost what becomes durable of one log of a node; a node may have others.
 *
 * @param watched the log that the ghost judges
 */
public record WatchedLog(int node, LogId watched, AcceptorLog disk, CheckpointStore checkpoints, Ghost ghost)
        implements AcceptorLog {
    @Override
    public void register(LogId log, String name) {
        disk.register(log, name);
    }

    @Override
    public RecoveredLog recover(LogId log) {
        RecoveredLog recovered = disk.recover(log);
        if (log.equals(watched)) {
            ghost.recovered(node, recovered, slotOf(checkpoints.newest(log)));
        }
        return recovered;
    }

    @Override
    public void write(List<LogRecord> records) {
        boolean damaged = truncatesDamage(records);
        disk.write(records);
        List<LogRecord> judged =
                records.stream().filter(record -> record.log().equals(watched)).toList();
        ghost.written(node, judged);
        for (LogRecord record : judged) {
            if (record instanceof LogRecord.TruncatedBelow truncated) {
                long newest = slotOf(checkpoints.newest(truncated.log()));
                long previous = slotOf(checkpoints.previous(truncated.log()));
                ghost.truncates(node, truncated.slot(), newest, damaged ? newest : previous);
            }
        }
    }

    /** A damaged record may make a log begin behind the newest checkpoint. */
    private boolean truncatesDamage(List<LogRecord> records) {
        return records.stream()
                .anyMatch(record -> record instanceof LogRecord.TruncatedBelow truncated
                        && truncated.log().equals(watched)
                        && disk.read(watched, 1, truncated.slot() - 1, Integer.MAX_VALUE).stream()
                                .anyMatch(LogEntry::faulty));
    }

    private static long slotOf(Optional<CheckpointManifest> checkpoint) {
        return checkpoint.map(CheckpointManifest::slot).orElse(0L);
    }

    @Override
    public List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes) {
        return disk.read(log, fromSlot, throughSlot, limitBytes);
    }

    @Override
    public void close() {
        disk.close();
    }
}
