package io.loggos.paxos.core.repair;

import io.loggos.api.LogId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;

/**
 * The last learned slot that the disk knows of.
 *
 * <p>A restart must learn again what the disk does not know, and promises all of it to a candidate. To write each slot
 * would cost a write each.
 */
public final class ChosenMark {
    /** Greatest number of learned slots, under load, that the disk does not know of. */
    private static final int MOST_UNPERSISTED = 32;

    private final LogId log;
    private final long mostBytes;

    private long persistedThrough;
    /** The size of the values learned since the last slot that the disk knows of. */
    private long unpersistedBytes;

    /**
     * Creates the mark of a log.
     *
     * @param through the last slot that the disk knows of
     * @param mostBytes the greatest size of learned values, under load, that the disk does not know of
     */
    public ChosenMark(LogId log, long through, long mostBytes) {
        this.log = log;
        this.persistedThrough = through;
        this.mostBytes = mostBytes;
    }

    /** True if the disk does not know all slots up to this one. */
    public boolean isBehind(long through) {
        return persistedThrough < through;
    }

    /** Notes that a value of this size is learned. */
    public void learned(int bytes) {
        unpersistedBytes += bytes;
    }

    /** Writes the last learned slot, if it is far above the one that the disk knows. */
    public void writeNowAndThen(long through, Outbox<PaxosMessage, LogRecord> out) {
        if (through - persistedThrough >= MOST_UNPERSISTED || unpersistedBytes > mostBytes) {
            write(through, out);
        }
    }

    /** Writes the last learned slot without a sync. It shares the next write that comes soon. */
    public void write(long through, Outbox<PaxosMessage, LogRecord> out) {
        if (persistedThrough < through) {
            persistedThrough = through;
            unpersistedBytes = 0;
            out.persist(new LogRecord.ChosenThrough(log, through));
        }
    }
}
