package io.loggos.storage.kv.watch;

import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.OverloadedException;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import io.loggos.storage.kv.versions.ChangeHistory.Page;
import io.loggos.storage.kv.watch.core.HistoryRequest;
import io.loggos.storage.kv.watch.core.Revision;
import io.loggos.storage.kv.watch.core.WatchEffects;
import io.loggos.storage.kv.watch.core.WatchLimits;
import io.loggos.storage.kv.watch.core.WatchTerms;
import io.loggos.storage.kv.watch.core.Watchers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a store. A lane of their own takes what came in: changes, demand, pages of history. It passes all of it
 * to {@link Watchers}, and carries out the effects. Two threads begin with the first watch. Safe for use by any thread.
 */
public final class Watches {
    private static final int MOST_WATCHES = 1 << 18;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Replica replica;
    private final WatchedState state;
    private final UserCode userCode;
    private final WatchTimers timers;
    private final WatchLimits limits;
    private final long mostBytes;

    private final Map<Long, WatchSubscription> subscriptions = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentLinkedQueue<Consumer<Turns>> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile @Nullable Turns turns;
    private volatile boolean closed;

    /**
     * Creates the watches of a store; there are none yet.
     *
     * @param userCode has the threads of the watches, and runs subscribers
     * @param mostBytes largest number of bytes of a revision that is delivered
     */
    public Watches(
            Replica replica,
            WatchedState state,
            UserCode userCode,
            WatchTimers timers,
            WatchLimits limits,
            long mostBytes) {
        this.replica = replica;
        this.state = state;
        this.userCode = userCode;
        this.timers = timers;
        this.limits = limits;
        this.mostBytes = mostBytes;
    }

    /** Returns a publisher of the changes of these keys. */
    public Flow.Publisher<WatchEvents> watch(KeyRange keys, WatchOptions options) {
        Objects.requireNonNull(options, "options");
        if (keys.end() != null && keys.first().compareTo(keys.end()) >= 0) {
            throw new IllegalArgumentException("the range ends before it begins");
        }
        return subscriber -> subscribe(keys, options, Objects.requireNonNull(subscriber, "subscriber"));
    }

    private void subscribe(KeyRange keys, WatchOptions options, Flow.Subscriber<? super WatchEvents> subscriber) {
        long from = options.fromRevision() == 0 ? state.revision().getAsLong() + 1 : options.fromRevision();
        WatchTerms terms = new WatchTerms(
                from,
                options.previous(),
                options.puts(),
                options.deletes(),
                options.progressEvery().map(Duration::toNanos).orElse(0L));
        Executor executor = options.executor().orElse(userCode::answer);
        WatchSubscription made = new WatchSubscription(lastId.incrementAndGet(), this, subscriber, executor, userCode);
        if (subscriptions.size() >= MOST_WATCHES) {
            made.begin();
            made.fail(new OverloadedException("there are " + MOST_WATCHES + " watches"));
            return;
        }
        subscriptions.put(made.id(), made);
        submit(all -> all.begin(made.id(), keys, terms));
        made.begin();
        if (closed) {
            close();
        }
    }

    void ready(long id) {
        submit(all -> all.core.ready(id));
    }

    void progress(long id) {
        long from = state.revision().getAsLong();
        submit(all -> all.core.progress(id, from));
    }

    void cancel(WatchSubscription watch) {
        subscriptions.remove(watch.id());
        submit(all -> {
            all.core.cancel(watch.id());
            all.forget(watch.id());
        });
    }

    /** Ends all watches, and refuses further ones. */
    public void close() {
        closed = true;
        subscriptions.values().forEach(each -> {
            if (subscriptions.remove(each.id()) != null) {
                each.fail(new NodeClosedException("the store is closed"));
            }
        });
        Turns made = turns;
        if (made != null) {
            state.feed().close();
            made.lane.close();
            made.reader.close();
        }
    }

    private void submit(Consumer<Turns> input) {
        inbox.add(input);
        wake();
    }

    private void wake() {
        if (!closed && due.compareAndSet(false, true)) {
            turns().lane.execute(turns()::turn);
        }
    }

    private Turns turns() {
        Turns made = turns;
        return made == null ? makeTurns() : made;
    }

    private synchronized Turns makeTurns() {
        Turns made = turns;
        if (made == null) {
            made = new Turns();
            turns = made;
        }
        return made;
    }

    /** The part that belongs to the lane. */
    private final class Turns implements WatchEffects, HistoryReads.Receiver {
        private final Watchers core = new Watchers(limits);
        private final Lane lane = userCode.lane("watch-" + replica.name());
        private final Lane reader = userCode.lane("watch-history-" + replica.name());
        private final HistoryReads reads =
                new HistoryReads(replica, state.snapshot(), reader, limits.batchBytes(), mostBytes, this);

        private final Map<Long, KeyRange> interests = new HashMap<>();
        private long timerNanos = Long.MAX_VALUE;

        void turn() {
            due.set(false);
            if (closed) {
                return;
            }
            long now = timers.nanos();
            for (Consumer<Turns> input = inbox.poll(); input != null; input = inbox.poll()) {
                input.accept(this);
            }
            for (Revision revision = state.feed().poll();
                    revision != null;
                    revision = state.feed().poll()) {
                core.committed(revision);
            }
            core.missed(state.feed().missedThrough());
            core.flush(now, this);
            if (core.isEmpty()) {
                state.feed().close();
            } else {
                state.feed().wantPrevious(core.wantsPrevious());
                look(now);
            }
            if (!core.isReading() && (core.isEmpty() || reads.isOlderThan(now - LOOK_NANOS))) {
                reads.release();
            }
            if (core.hasWork()) {
                wake();
            }
        }

        void begin(long id, KeyRange keys, WatchTerms terms) {
            if (!state.feed().isOpen()) {
                state.feed().open(Watches.this::wake);
                core.begin(state.revision().getAsLong());
            }
            interests.put(id, keys);
            state.feed().interests().add(keys);
            core.watch(id, keys, terms, state.compacted().getAsLong(), timers.nanos());
        }

        void forget(long id) {
            KeyRange keys = interests.remove(id);
            if (keys != null) {
                state.feed().interests().remove(keys);
            }
        }

        /** Looks if the replica has halted, and sets a timer for the next look or report. */
        private void look(long now) {
            if (timerNanos <= now) {
                timerNanos = Long.MAX_VALUE;
                String halted = replica.status().halted();
                if (halted != null) {
                    core.endAll(new ReplicaHaltedException(halted, null), this);
                    return;
                }
            }
            long next = Math.min(core.nextDueNanos(), now + LOOK_NANOS);
            if (next < timerNanos) {
                timerNanos = next;
                timers.later(next - now, Watches.this::wake);
            }
        }

        @Override
        public void deliver(long id, WatchEvents batch) {
            WatchSubscription subscription = subscriptions.get(id);
            if (subscription != null) {
                subscription.deliver(batch);
            }
        }

        @Override
        public void end(long id, LoggosException cause) {
            forget(id);
            WatchSubscription subscription = subscriptions.remove(id);
            if (subscription != null) {
                subscription.fail(cause);
            }
        }

        @Override
        public void read(HistoryRequest request) {
            reads.begin(request, timers.nanos());
        }

        @Override
        public void page(HistoryRequest request, Page page, long compacted) {
            submit(all -> core.page(request, page, compacted));
        }

        @Override
        public void tooLarge(HistoryRequest request, String message) {
            submit(all -> core.tooLarge(request, message, this));
        }

        @Override
        public void again(HistoryRequest request, boolean soon) {
            if (soon) {
                submit(all -> core.unread(request));
            } else {
                timers.later(RETRY_NANOS, () -> submit(all -> core.unread(request)));
            }
        }

        @Override
        public void failed(LoggosException cause) {
            submit(all -> core.endAll(cause, this));
        }
    }
}
