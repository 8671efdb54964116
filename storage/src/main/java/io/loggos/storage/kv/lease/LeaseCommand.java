package io.loggos.storage.kv.lease;

import io.loggos.storage.kv.lease.LeaseTable.Claim;
import java.util.List;

/** A command on leases. */
sealed interface LeaseCommand {
    /** Adds a lease. */
    record Grant(long id, long ttlMillis) implements LeaseCommand {}

    /** Ends a lease. */
    record Revoke(long id) implements LeaseCommand {}

    /** Renews leases, those that there are. */
    record Renew(List<Long> ids) implements LeaseCommand {}

    /** Ends the leases that have expired. */
    record Expire(List<Claim> claims) implements LeaseCommand {}

    /** A new leader measures time from now on. */
    record TakeOver() implements LeaseCommand {}
}
