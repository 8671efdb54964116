package io.loggos.storage.kv.lease;

import io.loggos.api.Bytes;
import io.loggos.api.kv.HeldLease;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Lease;
import io.loggos.api.kv.LeaseStatus;
import io.loggos.api.kv.Leases;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.storage.kv.access.AccessCodec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The {@link Leases} of a replica, and its lessor. Safe for use by any thread. */
public final class ReplicatedLeases implements Leases, AutoCloseable {
    private final Replica replica;
    private final LeaseRunner leases;
    private final LongFunction<CompletableFuture<List<Bytes>>> keysOf;
    private final Supplier<@Nullable CompletableFuture<Lease>> refusal;
    private final LeaseClock clock;
    private final Renewals renewals;
    private final Set<KeptLease> held = ConcurrentHashMap.newKeySet();

    /**
     * Creates the leases of a replica, and starts its lessor.
     *
     * @param leases runs the commands of the replica
     * @param keysOf reads the keys of a lease
     * @param refusal returns the refusal of a grant, or null if there is room for another lease
     */
    public ReplicatedLeases(
            Replica replica,
            LeaseRunner leases,
            LongFunction<CompletableFuture<List<Bytes>>> keysOf,
            Supplier<@Nullable CompletableFuture<Lease>> refusal) {
        this(replica, leases, keysOf, refusal, new LeaseThread(replica.name()));
    }

    ReplicatedLeases(
            Replica replica,
            LeaseRunner leases,
            LongFunction<CompletableFuture<List<Bytes>>> keysOf,
            Supplier<@Nullable CompletableFuture<Lease>> refusal,
            LeaseClock clock) {
        this.replica = replica;
        this.leases = leases;
        this.keysOf = keysOf;
        this.refusal = refusal;
        this.clock = clock;
        this.renewals = new Renewals(replica, clock);
        new Lessor(replica, leases, clock).start();
    }

    @Override
    public CompletableFuture<Lease> grant(Duration ttl) {
        long millis = millis(ttl);
        return grantAny(millis)
                .exceptionallyCompose(failure ->
                        isTaken(failure) ? grantAny(millis) : CompletableFuture.failedFuture(unwrapped(failure)));
    }

    @Override
    public CompletableFuture<Lease> grant(long id, Duration ttl) {
        if (id == 0) {
            throw new IllegalArgumentException("no lease has the id 0");
        }
        return grant(id, millis(ttl));
    }

    private CompletableFuture<Lease> grantAny(long ttlMillis) {
        // Random, so that nodes choose different ones. The one in 2^63 that is taken is chosen again.
        return grant(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE), ttlMillis);
    }

    private CompletableFuture<Lease> grant(long id, long ttlMillis) {
        if (ttlMillis > LeaseTable.MOST_TTL_MILLIS) {
            return CompletableFuture.failedFuture(
                    new KeyValueException(Reason.LEASE_TTL_TOO_LARGE, "a lease lives at most 9,000,000,000 s"));
        }
        CompletableFuture<Lease> refused = refusal.get();
        if (refused != null) {
            return refused;
        }
        return ask(new LeaseCommand.Grant(id, ttlMillis), LeaseAnswer.Granted.class)
                .thenApply(granted -> new Lease(granted.id(), Duration.ofMillis(granted.ttlMillis())));
    }

    @Override
    public CompletableFuture<Long> revoke(long id) {
        return revoke(id, command -> command);
    }

    /** Revokes a lease in the name that the command is given. */
    public CompletableFuture<Long> revoke(long id, UnaryOperator<Bytes> named) {
        return replica.propose(named.apply(LeaseCodec.encode(new LeaseCommand.Revoke(id))))
                .thenApply(result ->
                        answer(result.value(), LeaseAnswer.Revoked.class).revision());
    }

    @Override
    public CompletableFuture<Duration> keepAlive(long id) {
        return renewals.renew(id);
    }

    @Override
    public CompletableFuture<LeaseStatus> timeToLive(long id, boolean withKeys) {
        CompletableFuture<LeaseStatus> status =
                replica.read(Consistency.LINEARIZABLE, () -> leases.status(id)).thenApply(read -> read.value());
        return withKeys
                ? status.thenCompose(lease ->
                        keysOf.apply(id).thenApply(keys -> new LeaseStatus(id, lease.ttl(), lease.remaining(), keys)))
                : status;
    }

    @Override
    public CompletableFuture<List<Long>> list() {
        return replica.read(Consistency.LINEARIZABLE, leases::list).thenApply(read -> read.value());
    }

    @Override
    public CompletableFuture<HeldLease> hold(Duration ttl) {
        return KeptLease.grant(this, clock, ttl, held);
    }

    /** Stops the lessor and all renewals. Holders of leases learn that they are lost. */
    @Override
    public void close() {
        clock.close();
        renewals.close();
        held.forEach(KeptLease::end);
    }

    private <T extends LeaseAnswer> CompletableFuture<T> ask(LeaseCommand command, Class<T> kind) {
        return replica.propose(LeaseCodec.encode(command)).thenApply(result -> answer(result.value(), kind));
    }

    private static <T extends LeaseAnswer> T answer(Bytes answer, Class<T> kind) {
        AccessCodec.throwRefusal(answer);
        return kind.cast(LeaseCodec.decodeAnswer(answer));
    }

    private static long millis(Duration ttl) {
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalArgumentException("the time to live of a lease must be more than 0, not " + ttl);
        }
        return ttl.toSeconds() > Long.MAX_VALUE / 1_000 - 1
                ? Long.MAX_VALUE
                : ttl.plusNanos(999_999).toMillis();
    }

    private static boolean isTaken(Throwable failure) {
        return unwrapped(failure) instanceof KeyValueException refused && refused.reason() == Reason.LEASE_EXISTS;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
