package io.loggos.paxos.sim.predicate;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;

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
            ghost.recovered(node, recovered);
        }
        return recovered;
    }

    @Override
    public void write(List<LogRecord> records) {
        disk.write(records);
        List<LogRecord> judged =
                records.stream().filter(record -> record.log().equals(watched)).toList();
        ghost.written(node, judged);
        for (LogRecord record : judged) {
            if (record instanceof LogRecord.TruncatedBelow truncated) {
                long newest = checkpoints
                        .newest(truncated.log())
                        .map(CheckpointManifest::slot)
                        .orElse(0L);
                ghost.truncates(node, truncated.slot(), newest);
            }
        }
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
