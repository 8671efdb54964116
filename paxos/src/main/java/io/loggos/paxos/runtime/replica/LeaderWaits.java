package io.loggos.paxos.runtime.replica;

import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callers that wait for the leader of a log. Any thread. */
final class LeaderWaits {
    private record Wait(CompletableFuture<NodeId> future, long sinceNanos, long timeoutNanos) {}

    /** The longest wait, some 292 years. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final ReplicaLoop loop;
    private final List<Wait> waits = new ArrayList<>();

    LeaderWaits(ReplicaLoop loop) {
        this.loop = loop;
    }

    /**
     * Waits for a leader.
     *
     * @param leader the present leader; null if none is known
     * @param refusal the reason why nobody waits any more; null if there is none
     */
    CompletableFuture<NodeId> await(
            Supplier<@Nullable NodeId> leader,
            Supplier<@Nullable LoggosException> refusal,
            long nowNanos,
            Duration timeout) {
        LoggosException ended = refusal.get();
        if (ended != null) {
            return CompletableFuture.failedFuture(ended);
        }
        NodeId known = leader.get();
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<NodeId> future = new CompletableFuture<>();
        synchronized (this) {
            waits.add(new Wait(future, nowNanos, timeout.compareTo(FOREVER) < 0 ? timeout.toNanos() : Long.MAX_VALUE));
        }
        // Either this thread sees the change, or the thread that made it sees the wait.
        lead(leader.get());
        if (refusal.get() != null) {
            fail(refusal);
        }
        return future;
    }

    /** Takes the leader; null if none is known. */
    void lead(@Nullable NodeId leader) {
        if (leader != null) {
            end(Long.MAX_VALUE, wait -> wait.future.complete(leader));
        }
    }

    /** Fails all waits, each with an exception of its own. */
    void fail(Supplier<@Nullable LoggosException> cause) {
        end(Long.MAX_VALUE, wait -> wait.future.completeExceptionally(Objects.requireNonNull(cause.get())));
    }

    /** Fails what is overdue. */
    void expire(long nowNanos, String log) {
        end(nowNanos, wait -> wait.future.completeExceptionally(late(wait, log)));
    }

    private UnavailableException late(Wait wait, String log) {
        long millis = wait.timeoutNanos / 1_000_000;
        return new UnavailableException("log \"" + log + "\": no leader within " + millis + " ms; " + loop.reach());
    }

    /** Ends the waits that are overdue at a time; all of them at the end of time. */
    private synchronized void end(long nowNanos, Consumer<Wait> how) {
        if (waits.isEmpty()) {
            return;
        }
        waits.removeIf(wait -> {
            boolean over = nowNanos == Long.MAX_VALUE || nowNanos - wait.sinceNanos >= wait.timeoutNanos;
            if (over) {
                loop.answer(() -> how.accept(wait));
            }
            return over;
        });
    }
}
