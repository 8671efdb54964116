package io.loggos.storage.kv.watch;

import io.loggos.api.kv.Watch;
import io.loggos.api.kv.WatchEvents;
import io.loggos.internal.user.UserCode;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One subscriber. Its signals run one after the other on its executor. At most one batch is on the way to it.
 */
final class WatchSubscription implements Watch, Runnable {
    private static final String SOURCE = "a subscriber of a watch";

    private final long id;
    private final Watches watches;
    private final Flow.Subscriber<? super WatchEvents> subscriber;
    private final Executor executor;
    private final UserCode userCode;

    private final ConcurrentLinkedQueue<Runnable> signals = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean given = new AtomicBoolean();
    private volatile boolean ended;

    // Guarded by this.
    private long requested;
    private boolean busy;

    WatchSubscription(
            long id,
            Watches watches,
            Flow.Subscriber<? super WatchEvents> subscriber,
            Executor executor,
            UserCode userCode) {
        this.id = id;
        this.watches = watches;
        this.subscriber = subscriber;
        this.executor = executor;
        this.userCode = userCode;
    }

    long id() {
        return id;
    }

    void begin() {
        signal(() -> subscriber.onSubscribe(this));
    }

    @Override
    public void request(long batches) {
        if (batches <= 0) {
            watches.cancel(this);
            fail(new IllegalArgumentException("the number of requested batches is at least 1, not " + batches));
            return;
        }
        boolean ready;
        synchronized (this) {
            requested = requested + batches < 0 ? Long.MAX_VALUE : requested + batches;
            ready = takeTurn();
        }
        if (ready) {
            watches.ready(id);
        }
    }

    /** Takes one of the requested batches, unless one is on the way. */
    private boolean takeTurn() {
        if (busy || requested == 0 || ended) {
            return false;
        }
        requested -= requested == Long.MAX_VALUE ? 0 : 1;
        busy = true;
        return true;
    }

    @Override
    public void requestProgress() {
        watches.progress(id);
    }

    @Override
    public void cancel() {
        ended = true;
        watches.cancel(this);
    }

    /** Passes on a batch, for which {@link Watches#ready} was called. */
    void deliver(WatchEvents batch) {
        signal(() -> {
            subscriber.onNext(batch);
            boolean ready;
            synchronized (this) {
                busy = false;
                ready = takeTurn();
            }
            if (ready) {
                watches.ready(id);
            }
        });
    }

    /** Ends the watch after what was delivered. Any thread. */
    void fail(Throwable cause) {
        signal(() -> {
            ended = true;
            subscriber.onError(cause);
        });
    }

    private void signal(Runnable signal) {
        signals.add(signal);
        give();
    }

    private void give() {
        if (given.compareAndSet(false, true)
                && !userCode.attempt("the executor of a watch", () -> executor.execute(this))) {
            cancel();
        }
    }

    /** Runs the signals. */
    @Override
    public void run() {
        for (Runnable signal = signals.poll(); signal != null; signal = signals.poll()) {
            if (!ended && !userCode.attempt(SOURCE, signal::run)) {
                cancel();
            }
        }
        given.set(false);
        if (!signals.isEmpty()) {
            give();
        }
    }
}
