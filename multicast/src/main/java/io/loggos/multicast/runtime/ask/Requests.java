package io.loggos.multicast.runtime.ask;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import io.loggos.internal.options.OptionChecks;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.request.OpenRequests;
import io.loggos.multicast.group.request.RequestEnvelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Requests of one member that callers wait for. Any thread; nobody is called while its lock is held. */
public final class Requests {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Services that requests need from their group. */
    public interface Host {
        /** Queues a request; throws if it is refused. */
        void send(Bytes request, @Nullable NodeId to, PendingReceipt receipt);

        /** Calls {@link #onTime} once this time has passed. */
        void wakeAfter(long nanos);

        /** Completes a caller's future on a thread for this. */
        void complete(Runnable completion);
    }

    private record Ended(CompletableFuture<Answers> future, Answers answers) {}

    private final Host host;
    private final Map<Long, CompletableFuture<Answers>> futures = new HashMap<>();
    private final List<Ended> ended = new ArrayList<>();
    private final OpenRequests open = new OpenRequests(this::end);
    /** Time of the next call of {@link #onTime}. */
    private long wakesAtNanos = Long.MAX_VALUE;

    public Requests(Host host) {
        this.host = host;
    }

    /**
     * Sends a request.
     *
     * @throws IllegalArgumentException if the deadline is out of bounds
     */
    public CompletableFuture<Answers> ask(
            Bytes request, Quota quota, @Nullable NodeId to, Duration deadline, long now) {
        long millis = OptionChecks.millis(deadline);
        if (millis < 1 || millis > LONGEST.toMillis()) {
            throw new IllegalArgumentException("a deadline is 1 ms to 1 day, not " + deadline);
        }
        CompletableFuture<Answers> future = new CompletableFuture<>();
        long deadlineNanos = now + deadline.toNanos();
        boolean wakes;
        long number;
        synchronized (this) {
            number = open.open(quota, to, deadlineNanos);
            futures.put(number, future);
            wakes = deadlineNanos < wakesAtNanos;
            wakesAtNanos = Math.min(wakesAtNanos, deadlineNanos);
        }
        if (wakes) {
            host.wakeAfter(deadline.toNanos());
        }
        try {
            host.send(RequestEnvelope.request(number, request), to, receipt -> onReceipt(number, receipt));
        } catch (RuntimeException e) {
            synchronized (this) {
                open.refused(number);
                futures.remove(number);
            }
            throw e;
        }
        return future;
    }

    private void onReceipt(long number, Receipt receipt) {
        run(() -> open.onReceipt(number, receipt), false);
    }

    /** Takes an answer, or the reason why there is none. */
    public void onAnswer(NodeId from, RequestEnvelope answer) {
        run(() -> open.onAnswer(from, answer), false);
    }

    /** Notes a view that the listener has received. */
    public void onView(ViewChange change) {
        run(() -> open.onView(change), false);
    }

    /** Notes that the listener was told that this node is no member. */
    public void onEvicted() {
        run(open::onEvicted, false);
    }

    /** Ends the requests whose deadline has come. The futures are completed elsewhere. */
    public void onTime(long now) {
        long next;
        synchronized (this) {
            next = open.nextDeadlineNanos();
            if (next <= now) {
                open.onTime(now);
                next = open.nextDeadlineNanos();
            }
            wakesAtNanos = next;
        }
        run(() -> {}, true);
        if (next < Long.MAX_VALUE) {
            host.wakeAfter(next - now);
        }
    }

    /** Fails all requests, since the group is closed. */
    public void fail(RuntimeException cause) {
        List<CompletableFuture<Answers>> failed;
        synchronized (this) {
            open.close();
            failed = List.copyOf(futures.values());
            futures.clear();
        }
        failed.forEach(future -> future.completeExceptionally(cause));
    }

    private void run(Runnable event, boolean elsewhere) {
        List<Ended> done;
        synchronized (this) {
            event.run();
            if (ended.isEmpty()) {
                return;
            }
            done = List.copyOf(ended);
            ended.clear();
        }
        for (Ended each : done) {
            if (elsewhere) {
                host.complete(() -> each.future.complete(each.answers));
            } else {
                each.future.complete(each.answers);
            }
        }
    }

    /** Called with the lock held. */
    private void end(long number, Answers answers) {
        CompletableFuture<Answers> future = futures.remove(number);
        if (future != null) {
            ended.add(new Ended(future, answers));
        }
    }
}
