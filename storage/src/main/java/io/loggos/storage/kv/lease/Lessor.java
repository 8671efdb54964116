package io.loggos.storage.kv.lease;

import io.loggos.api.Ballot;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.storage.kv.lease.LeaseTable.Claim;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes the expiry of leases while this node leads, also if nobody else proposes anything. It takes over once for
 * each ballot, before it names the first lease as expired. It sleeps while there are no leases.
 *
 * <p>Its view of the leader may be old. That does no harm: its claims remain true, and the log decides.
 */
final class Lessor {
    /** Time between two looks at the leases. A lease expires late by at most this and the time of a commit. */
    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Most leases that one command ends. */
    static final int MOST_CLAIMS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Lessor.class);

    private final Replica replica;
    private final LeaseRunner leases;
    private final LeaseClock clock;
    private final AtomicBoolean awake = new AtomicBoolean();
    /** The ballot for which this node has taken over. */
    private volatile @Nullable Ballot takenOver;

    Lessor(Replica replica, LeaseRunner leases, LeaseClock clock) {
        this.replica = replica;
        this.leases = leases;
        this.clock = clock;
    }

    void start() {
        leases.onFirst(this::wake);
        if (leases.count() > 0) {
            wake();
        }
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            clock.after(0, this::turn);
        }
    }

    private void turn() {
        if (leases.count() == 0) {
            awake.set(false);
            if (leases.count() > 0) {
                wake();
            }
            return;
        }
        CompletableFuture<Boolean> step;
        try {
            step = step();
        } catch (RuntimeException e) {
            step = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> unused = step.whenComplete((again, failure) -> {
            if (failure != null) {
                LOG.debug("log \"{}\": leases are looked at again later", replica.name(), failure);
            }
            clock.after(failure == null && again ? 0 : TURN_NANOS, this::turn);
        });
    }

    /** Makes one proposal, if there is anything to propose. Completes with true if there may be more. */
    private CompletableFuture<Boolean> step() {
        ReplicaStatus status = replica.status();
        if (status.role() != Role.LEADER) {
            return CompletableFuture.completedFuture(false);
        }
        Ballot ballot = status.ballot();
        if (!ballot.equals(takenOver)) {
            return replica.propose(LeaseCodec.encode(new LeaseCommand.TakeOver()))
                    .thenApply(taken -> {
                        takenOver = ballot;
                        return true;
                    });
        }
        return replica.read(Consistency.LOCAL, () -> leases.due(MOST_CLAIMS)).thenCompose(due -> expire(due.value()));
    }

    private CompletableFuture<Boolean> expire(List<Claim> due) {
        if (due.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return replica.propose(LeaseCodec.encode(new LeaseCommand.Expire(due)))
                .thenApply(expired -> due.size() == MOST_CLAIMS);
    }
}
