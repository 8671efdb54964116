package io.loggos.storage.kv.lease;

import io.loggos.api.kv.HeldLease;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.Lease;
import io.loggos.api.kv.Leases;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A lease that is renewed each third of its time to live, on the thread of the leases. */
final class KeptLease implements HeldLease {
    private static final int RENEWALS_PER_TTL = 3;

    private final Leases leases;
    private final LeaseClock clock;
    private final Lease lease;
    private final long ttlNanos;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    /** The time at which the last renewal that succeeded was asked for. */
    private volatile long heldFromNanos;

    private KeptLease(Leases leases, LeaseClock clock, Lease lease, long askedNanos) {
        this.leases = leases;
        this.clock = clock;
        this.lease = lease;
        this.ttlNanos = saturatedNanos(lease.ttl());
        this.heldFromNanos = askedNanos;
    }

    static CompletableFuture<HeldLease> grant(Leases leases, LeaseClock clock, Duration ttl) {
        long askedNanos = clock.nanos();
        return leases.grant(ttl).thenApply(granted -> {
            KeptLease kept = new KeptLease(leases, clock, granted, askedNanos);
            clock.after(kept.ttlNanos / RENEWALS_PER_TTL, kept::renew);
            kept.watchEnd();
            return kept;
        });
    }

    private static long saturatedNanos(Duration duration) {
        return duration.toSeconds() > Long.MAX_VALUE / 2_000_000_000L ? Long.MAX_VALUE / 2 : duration.toNanos();
    }

    private void renew() {
        if (lost.isDone()) {
            return;
        }
        long askedNanos = clock.nanos();
        CompletableFuture<?> unused =
                leases.keepAlive(lease.id()).whenComplete((ttl, failure) -> renewed(askedNanos, failure));
        clock.after(ttlNanos / RENEWALS_PER_TTL, this::renew);
    }

    private void renewed(long askedNanos, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            heldFromNanos = Math.max(heldFromNanos, askedNanos);
        } else if (cause instanceof KeyValueException) {
            lost.complete(null);
        }
    }

    /** Looks again when the time to live of the last renewal is over. */
    private void watchEnd() {
        if (lost.isDone()) {
            return;
        }
        long leftNanos = ttlNanos - (clock.nanos() - heldFromNanos);
        if (leftNanos <= 0) {
            lost.complete(null);
        } else {
            clock.after(leftNanos, this::watchEnd);
        }
    }

    @Override
    public long id() {
        return lease.id();
    }

    @Override
    public Duration ttl() {
        return lease.ttl();
    }

    @Override
    public CompletableFuture<Void> lost() {
        return lost.copy();
    }

    @Override
    public void close() {
        if (lost.complete(null)) {
            CompletableFuture<?> unused = leases.revoke(lease.id()).handle((revision, failure) -> revision);
        }
    }
}
