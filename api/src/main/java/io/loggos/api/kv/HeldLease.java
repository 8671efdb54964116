package io.loggos.api.kv;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lease that this node renews until it is closed. Safe for use by any thread.
 *
 * <p>A renewal is sent each third of the time to live. Nothing can keep a lease alive while the cluster has no leader,
 * or while this process stands still. The holder must therefore watch {@link #lost}.
 */
public interface HeldLease extends AutoCloseable {
    /** The id of the lease, for {@link Operation.Put#attachedTo}. */
    long id();

    /** The time to live of the lease. */
    Duration ttl();

    /**
     * Completes normally when the lease may have ended, and at {@link #close}. Either the store says that it is gone, or
     * its time to live has passed on this node since it sent the last renewal that succeeded. The holder then no longer
     * owns the keys. It completes on a thread of the node.
     */
    CompletableFuture<Void> lost();

    /** Stops the renewals and revokes the lease, which deletes its keys. Does not wait. A second call does nothing. */
    @Override
    void close();
}
