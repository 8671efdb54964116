package io.loggos.paxos.sim;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;

/** Shows the ghost what becomes durable on a node. */
record WatchedLog(int node, AcceptorLog disk, CheckpointStore checkpoints, Ghost ghost) implements AcceptorLog {
    @Override
    public void register(LogId log, String name) {
        disk.register(log, name);
    }

    @Override
    public RecoveredLog recover(LogId log) {
        RecoveredLog recovered = disk.recover(log);
        ghost.recovered(node, recovered);
        return recovered;
    }

    @Override
    public void write(List<LogRecord> records) {
        disk.write(records);
        ghost.written(node, records);
        for (LogRecord record : records) {
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
