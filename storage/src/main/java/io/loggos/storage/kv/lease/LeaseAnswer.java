package io.loggos.storage.kv.lease;

import java.util.List;

/** The answer to a {@link LeaseCommand} that was not refused. */
sealed interface LeaseAnswer {
    /** A lease was granted, with this time to live. */
    record Granted(long id, long ttlMillis) implements LeaseAnswer {}

    /** A lease was ended. The store is at this revision now. */
    record Revoked(long revision) implements LeaseAnswer {}

    /** The times to live of leases that were renewed, in the order of the command; 0 for those that do not exist. */
    record Renewed(List<Long> ttlMillis) implements LeaseAnswer {}

    /** The number of leases that have expired. */
    record Expired(long leases) implements LeaseAnswer {}

    /** A leader has taken over. */
    record TakenOver() implements LeaseAnswer {}
}
