package io.loggos.paxos.disk;

import io.loggos.api.LogId;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import java.util.List;

/** An acceptor log whose writes can be made late. A late write takes a multiple of its time, or does not begin. */
final class LateLog implements AcceptorLog {
    /** The factor of a disk on which no write begins. */
    static final int HANGS = 0;

    private final AcceptorLog log;
    private int factor = 1;

    LateLog(AcceptorLog log) {
        this.log = log;
    }

    /** Sets the multiple of its time that each write takes from now on, also one that is under way. */
    synchronized void factor(int timesSlower) {
        factor = timesSlower;
        notifyAll();
    }

    @Override
    public void write(List<LogRecord> records) {
        awaitDisk();
        long began = System.nanoTime();
        log.write(records);
        long took = System.nanoTime() - began;
        awaitEnd(began, took);
    }

    private synchronized void awaitDisk() {
        while (factor == HANGS) {
            awaitChange(0);
        }
    }

    private synchronized void awaitEnd(long began, long took) {
        long left = took * (factor - 1);
        while (factor == HANGS || left > 0) {
            awaitChange(factor == HANGS ? 0 : left / 1_000_000 + 1);
            left = began + took * factor - System.nanoTime();
        }
    }

    /** Waits so many milliseconds, or for ever if they are 0, unless the factor changes. */
    private synchronized void awaitChange(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new AssertionError("the thread that writes is not interrupted", e);
        }
    }

    @Override
    public void register(LogId id, String name) {
        log.register(id, name);
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
