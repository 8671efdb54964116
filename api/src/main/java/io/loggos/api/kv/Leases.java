package io.loggos.api.kv;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The leases of a store, as in etcd v3. A key that is put with a lease ({@link Operation.Put#attachedTo}) is deleted when
 * the lease ends. All keys of a lease are deleted at one revision. A put without a lease, or with another one, detaches
 * the key.
 *
 * <p>A lease ends when it is revoked, or when its time to live has passed without a renewal. The order of the log decides
 * which of a renewal and an expiry came first, so all replicas decide alike. The time is measured by the leader, with
 * its monotonic clock, from the moment at which it has applied the renewal. So a lease never expires early by that
 * clock, and at most about a second late while there is a leader. A change of leader gives every lease a whole time to
 * live anew.
 *
 * <p>Futures fail as those of {@link KeyValueStore} do. Safe for use by any thread.
 */
public interface Leases {
    /**
     * Grants a lease, and chooses its id.
     *
     * @param ttl the time to live, more than 0. Less than 2 s is raised to 2 s, since an election may take that long
     */
    CompletableFuture<Lease> grant(Duration ttl);

    /**
     * Grants a lease.
     *
     * <p>The future fails with {@link KeyValueException.Reason#LEASE_EXISTS} if there is a lease of that id, and with
     * {@link KeyValueException.Reason#LEASE_TTL_TOO_LARGE}.
     *
     * @param id its id, not 0
     * @param ttl the time to live, as in {@link #grant(Duration)}
     */
    CompletableFuture<Lease> grant(long id, Duration ttl);

    /**
     * Ends a lease and deletes its keys. The future completes with the revision of the store afterwards. It fails with
     * {@link KeyValueException.Reason#LEASE_NOT_FOUND}.
     */
    CompletableFuture<Long> revoke(long id);

    /**
     * Renews a lease: its time to live begins anew. The future completes with that time, or fails with {@link
     * KeyValueException.Reason#LEASE_NOT_FOUND}. Renewals that are asked for within some 100 ms share one command.
     */
    CompletableFuture<Duration> keepAlive(long id);

    /**
     * Returns the status of a lease, with a linearizable read. The future fails with {@link
     * KeyValueException.Reason#LEASE_NOT_FOUND}.
     *
     * @param withKeys true to read the attached keys as well
     */
    CompletableFuture<LeaseStatus> timeToLive(long id, boolean withKeys);

    /** Returns the ids of all leases, with a linearizable read. The one that would expire first comes first. */
    CompletableFuture<List<Long>> list();

    /** Grants a lease and renews it until it is closed, or the store is. */
    CompletableFuture<HeldLease> hold(Duration ttl);
}
