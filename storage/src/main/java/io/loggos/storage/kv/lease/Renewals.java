package io.loggos.storage.kv.lease;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The renewals that callers on this node ask for, many in one command. A renewal that comes alone is proposed at once.
 * The ones that come within {@link #PAUSE_NANOS} behind it wait for that time and share the next command.
 *
 * <p>etcd keeps renewals out of its log, in the memory of its leader. Here they are commands: the log orders them
 * against expiries, any replica takes them, and a leader without a quorum cannot answer them. The pause bounds the cost:
 * 10,000 leases, renewed each third of 10 s, make at most 10 commands a second and node. Any
 * thread.
 */
final class Renewals {
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Most leases in one command. */
    static final int MOST = 4_096;

    private final Replica replica;
    private final LeaseClock clock;

    private Map<Long, CompletableFuture<Duration>> waiting = new LinkedHashMap<>();
    private boolean isScheduled;
    private long notBeforeNanos;

    Renewals(Replica replica, LeaseClock clock) {
        this.replica = replica;
        this.clock = clock;
        notBeforeNanos = clock.nanos();
    }

    /** Renews a lease. The future completes with its time to live. */
    synchronized CompletableFuture<Duration> renew(long id) {
        CompletableFuture<Duration> renewal = waiting.computeIfAbsent(id, first -> new CompletableFuture<>());
        if (!isScheduled) {
            isScheduled = true;
            clock.after(Math.max(0, notBeforeNanos - clock.nanos()), this::send);
        }
        return renewal.copy(); // A caller that cancels it takes nothing from another one.
    }

    private void send() {
        Map<Long, CompletableFuture<Duration>> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        CompletableFuture<?> unused = replica.propose(
                        LeaseCodec.encode(new LeaseCommand.Renew(List.copyOf(batch.keySet()))))
                .whenComplete((result, failure) -> finish(batch, result, failure));
    }

    private synchronized Map<Long, CompletableFuture<Duration>> take() {
        Map<Long, CompletableFuture<Duration>> batch = waiting;
        waiting = new LinkedHashMap<>();
        if (batch.size() > MOST) {
            Map<Long, CompletableFuture<Duration>> all = batch;
            batch = new LinkedHashMap<>();
            for (Map.Entry<Long, CompletableFuture<Duration>> each : all.entrySet()) {
                (batch.size() < MOST ? batch : waiting).put(each.getKey(), each.getValue());
            }
        }
        notBeforeNanos = clock.nanos() + PAUSE_NANOS;
        isScheduled = !waiting.isEmpty();
        if (isScheduled) {
            clock.after(0, this::send);
        }
        return batch;
    }

    private static void finish(
            Map<Long, CompletableFuture<Duration>> batch, @Nullable Result<Bytes> result, @Nullable Throwable failure) {
        List<Long> ttlMillis;
        try {
            ttlMillis = result == null
                    ? List.of()
                    : ((LeaseAnswer.Renewed) LeaseCodec.decodeAnswer(result.value())).ttlMillis();
        } catch (RuntimeException e) {
            batch.values().forEach(each -> each.completeExceptionally(e));
            return;
        }
        if (failure != null || ttlMillis.size() != batch.size()) {
            Throwable cause = failure == null ? new IllegalStateException("an answer for other leases") : failure;
            batch.values().forEach(each -> each.completeExceptionally(cause));
            return;
        }
        List<Long> ids = new ArrayList<>(batch.keySet());
        for (int i = 0; i < ids.size(); i++) {
            CompletableFuture<Duration> renewal = batch.get(ids.get(i));
            if (renewal == null) {
                continue;
            }
            if (ttlMillis.get(i) == 0) {
                renewal.completeExceptionally(
                        new KeyValueException(Reason.LEASE_NOT_FOUND, "there is no lease " + ids.get(i)));
            } else {
                renewal.complete(Duration.ofMillis(ttlMillis.get(i)));
            }
        }
    }
}
