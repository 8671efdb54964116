package io.loggos.paxos.disk;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** An acceptor log whose writes can be made late. A late write takes a multiple of its time, or does not begin. */
final class LateLog implements AcceptorLog {
    /** The factor of a disk on which no write begins. */
    static final int HANGS = 0;

    private static final long POLL_NANOS = 500_000;

    private final AcceptorLog log;
    private volatile int factor = 1;

    LateLog(AcceptorLog log) {
        this.log = log;
    }

    /** Sets the multiple of its time that each write takes from now on, also one that is under way. */
    void factor(int timesSlower) {
        factor = timesSlower;
    }

    @Override
    public void write(List<LogRecord> records) {
        while (factor == HANGS) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        long began = System.nanoTime();
        log.write(records);
        long took = System.nanoTime() - began;
        while (factor == HANGS || System.nanoTime() - began < took * factor) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void register(LogId id, String name) {
        log.register(id, name);
    }

    @Override
    public Map<LogId, String> logs() {
        return log.logs();
    }

    @Override
    public RecoveredLog recover(LogId id) {
        return log.recover(id);
    }

    @Override
    public List<LogEntry> read(LogId id, long fromSlot, long throughSlot, int limitBytes) {
        return log.read(id, fromSlot, throughSlot, limitBytes);
    }

    @Override
    public void close() {
        log.close();
    }
}
