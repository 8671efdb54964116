package io.loggos.api.spi;

import io.loggos.api.LogId;
import java.util.List;

/**
 * The durable memory of the acceptors of one node, for all its logs. A store of another kind can be plugged
 * in; the contract suite {@code AcceptorLogContract} proves it.
 *
 * <p>{@link #write} is called by one thread; {@link #read} and {@link #recover} by any, beside it.
 */
public interface AcceptorLog extends AutoCloseable {
    /**
     * Remembers the name of a log, for people and to notice two names with one number.
     *
     * @throws io.loggos.api.StorageException if another log has this number
     */
    void register(LogId log, String name);

    /** What is held of a log. Does not look at slots that are known as chosen. */
    RecoveredLog recover(LogId log);

    /**
     * Writes all records in this order as one atomic change: after a crash all of them are there or none.
     * Returns once they are synced if any of them {@link LogRecord#synced asks} for it; whatever was written
     * before is then synced too. After a failure every later write fails as well, until the log is opened
     * anew.
     *
     * @throws io.loggos.api.StorageException if the write or the sync failed; nothing may be counted on
     */
    void write(List<LogRecord> records);

    /**
     * The entries of a log from a slot on, gap or not, by slot, up to {@code throughSlot} and to about
     * {@code limitBytes} of values but at least one entry. A record that does not check is a faulty entry.
     *
     * @throws io.loggos.api.StorageException if reading failed
     */
    List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes);

    @Override
    void close();
}
