package io.loggos.api.spi;

import io.loggos.api.LogId;
import java.util.List;
import java.util.Map;

/**
 * The durable memory of a node's acceptors, for all logs of the node.
 *
 * <p>Another kind of store can be plugged in; the contract suite {@code AcceptorLogContract} proves it.
 *
 * <p>One thread calls {@link #write}. Any thread may call {@link #read} and {@link #recover} at the same time.
 */
public interface AcceptorLog extends AutoCloseable {
    /**
     * Stores the name of a log, for people, and to detect two names with one number.
     *
     * @throws io.loggos.api.StorageException if another log has this number
     */
    void register(LogId log, String name);

    /** Returns all logs that were ever registered, with their names. */
    Map<LogId, String> logs();

    /** Returns the contents of a log, without reading the slots that are known to be chosen. */
    RecoveredLog recover(LogId log);

    /**
     * Writes all records in this order, as one atomic change: after a crash all of them are there or none.
     *
     * <p>Returns after a sync if any of the records {@link LogRecord#synced asks} for one. The sync covers all earlier
     * writes too. After a failure every later write fails as well, until the log is opened again.
     *
     * @throws io.loggos.api.StorageException if the write or the sync failed; then none of the records may be relied on
     */
    void write(List<LogRecord> records);

    /**
     * Reads the entries of a log by slot, with gaps where the log has none.
     *
     * <p>A record with a wrong checksum becomes a faulty entry.
     *
     * @param log the log
     * @param fromSlot the first slot
     * @param throughSlot the last slot
     * @param limitBytes the approximate limit of the values' size; at least one entry is returned
     * @throws io.loggos.api.StorageException if the read failed
     */
    List<LogEntry> read(LogId log, long fromSlot, long throughSlot, int limitBytes);

    @Override
    void close();
}
