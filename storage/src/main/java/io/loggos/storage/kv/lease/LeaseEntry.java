package io.loggos.storage.kv.lease;

/** A lease in a {@link LeaseTable}. */
final class LeaseEntry {
    final long id;
    final long ttlMillis;

    /** The number of its last renewal, or of its grant. */
    long renewal;
    /** The log time of that renewal. */
    long renewedMillis;

    /** The time at which this replica applied it. It is local: no other replica has the same, and no answer shows it. */
    long localMillis;
    /** True if the row of this lease is older than the lease. */
    boolean isUnwritten = true;

    LeaseEntry(long id, long ttlMillis) {
        this.id = id;
        this.ttlMillis = ttlMillis;
    }
}
