package io.loggos.paxos.sim.predicate;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shows the ghosts what becomes durable of the logs of a node.
 *
 * @param ghosts the ghosts of the logs that are judged; the node may have others
 */
public record WatchedLog(int node, Map<LogId, Ghost> ghosts, AcceptorLog disk, CheckpointStore checkpoints)
        implements AcceptorLog {
    @Override
    public void register(LogId log, String name) {
        disk.register(log, name);
    }

    @Override
    public RecoveredLog recover(LogId log) {
        RecoveredLog recovered = disk.recover(log);
        Ghost ghost = ghosts.get(log);
        if (ghost != null) {
            ghost.recovered(node, recovered, slotOf(checkpoints.newest(log)));
        }
        return recovered;
    }

    @Override
    public void write(List<LogRecord> records) {
        Set<LogId> damaged = new HashSet<>();
        records.stream().filter(this::truncatesDamage).forEach(record -> damaged.add(record.log()));
        disk.write(records);
        ghosts.forEach((log, ghost) -> {
            List<LogRecord> own =
                    records.stream().filter(record -> record.log().equals(log)).toList();
            ghost.written(node, own, records.stream().anyMatch(LogRecord::synced));
            for (LogRecord record : own) {
                if (record instanceof LogRecord.TruncatedBelow truncated) {
                    long newest = slotOf(checkpoints.newest(log));
                    long previous = slotOf(checkpoints.previous(log));
                    ghost.truncates(node, truncated.slot(), newest, previous, damaged.contains(log));
                }
            }
        });
    }

    /** A damaged record may make a log begin behind the newest checkpoint. */
    private boolean truncatesDamage(LogRecord record) {
        return record instanceof LogRecord.TruncatedBelow truncated
                && ghosts.containsKey(truncated.log())
                && disk.read(truncated.log(), 1, truncated.slot() - 1, Integer.MAX_VALUE).stream()
                        .anyMatch(LogEntry::faulty);
    }

    /** The slot of a checkpoint, or 0. */
    public static long slotOf(Optional<CheckpointManifest> checkpoint) {
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
