package io.loggos.storage.kv;

import io.loggos.api.kv.HeldLease;
import io.loggos.api.kv.Lease;
import io.loggos.api.kv.LeaseStatus;
import io.loggos.api.kv.Leases;
import io.loggos.api.kv.access.Identity;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.access.AccessCodec;
import io.loggos.storage.kv.access.AccessRunner;
import io.loggos.storage.kv.lease.ReplicatedLeases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Leases in the name of a user. As in etcd, everybody may grant, renew and list leases. Only who may write all keys of a
 * lease ends it, and only who may read them sees them.
 */
record NamedLeases(ReplicatedLeases leases, AccessRunner access, Identity who) implements Leases {
    @Override
    public CompletableFuture<Lease> grant(Duration ttl) {
        return leases.grant(ttl);
    }

    @Override
    public CompletableFuture<Lease> grant(long id, Duration ttl) {
        return leases.grant(id, ttl);
    }

    @Override
    public CompletableFuture<Long> revoke(long id) {
        return leases.revoke(id, command -> AccessCodec.guarded(who, command));
    }

    @Override
    public CompletableFuture<Duration> keepAlive(long id) {
        return leases.keepAlive(id);
    }

    @Override
    public CompletableFuture<LeaseStatus> timeToLive(long id, boolean withKeys) {
        return leases.timeToLive(id, withKeys).thenApply(status -> {
            status.keys().forEach(key -> access.checkRead(who, KeyRange.single(key)));
            return status;
        });
    }

    @Override
    public CompletableFuture<List<Long>> list() {
        return leases.list();
    }

    @Override
    public CompletableFuture<HeldLease> hold(Duration ttl) {
        return leases.hold(ttl);
    }
}
