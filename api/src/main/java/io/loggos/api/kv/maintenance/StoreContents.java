package io.loggos.api.kv.maintenance;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Everything that a store holds at one moment, for a backup. The store goes on meanwhile.
 *
 * <p>One thread at a time may use it. It ends with {@link #close}, and when the store is closed or replaced by a
 * checkpoint; reading after that throws {@link io.loggos.api.UnavailableException}.
 */
public interface StoreContents extends AutoCloseable {
    /** The revision of the store. */
    long revision();

    /** The revision to which the store is compacted, or -1. */
    long compactedRevision();

    /** The times to live of the leases, by their ids. */
    SortedMap<Long, Duration> leases();

    /** The alarms. */
    List<Alarm> alarms();

    /**
     * Passes on all changes in the order of their revisions. Among those up to the compacted revision there may be some
     * that were superseded, whose space is not freed yet.
     */
    void forEach(Consumer<StoredChange> receiver);

    /** Releases everything. A second call does nothing. */
    @Override
    void close();
}
