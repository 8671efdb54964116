package io.loggos.examples.server.etcd.watch;

import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Watch;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.access.AccessException;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One watch of a stream. While it is parked, it has no watch in the store. */
final class StreamWatch {
    final long id;
    private final WatchStream stream;
    final KeyRange keys;
    private final WatchOptions options;
    private final boolean fragment;

    // Guarded by the stream.
    private long next;
    private @Nullable Receiver receiver;

    StreamWatch(WatchStream stream, long id, KeyRange keys, WatchOptions options, boolean fragment, long from) {
        this.stream = stream;
        this.id = id;
        this.keys = keys;
        this.options = options;
        this.fragment = fragment;
        this.next = from;
    }

    /** Begins in the store, at the place of this watch. */
    void begin(KeyValueStore store) {
        Receiver made = new Receiver();
        receiver = made;
        store.watch(keys, options.toBuilder().fromRevision(next).build()).subscribe(made);
    }

    /** True if it may still deliver something up to a revision. */
    boolean isBehind(long revision) {
        return next <= revision;
    }

    void requestProgress() {
        Receiver open = receiver;
        if (open != null && open.watch != null) {
            open.watch.requestProgress();
        }
    }

    /** Ends in the store. */
    void end() {
        Receiver open = receiver;
        receiver = null;
        if (open != null && open.watch != null) {
            open.watch.cancel();
        }
    }

    private final class Receiver implements Flow.Subscriber<WatchEvents> {
        private @Nullable Watch watch;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            watch = (Watch) subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WatchEvents batch) {
            synchronized (stream) {
                if (receiver != this) {
                    return;
                }
                if (stream.deliver(
                        StreamWatch.this, batch.revision(), stream.events(StreamWatch.this, batch), fragment)) {
                    next = batch.revision() + 1;
                } else {
                    end();
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            synchronized (stream) {
                if (receiver != this) {
                    return;
                }
                receiver = null;
                if (failure instanceof CompactedException compacted) {
                    stream.canceled(
                            StreamWatch.this, WatchAnswers.compacted(stream.header(), id, compacted.compactRevision()));
                } else if (failure instanceof AccessException refused) {
                    stream.canceled(
                            StreamWatch.this, WatchAnswers.canceled(stream.header(), id, WatchAnswers.reason(refused)));
                } else if (failure instanceof KeyValueException refused) {
                    stream.canceled(
                            StreamWatch.this,
                            WatchAnswers.canceled(stream.header(), id, "loggos: " + refused.getMessage()));
                } else {
                    stream.end(EtcdErrors.of(failure).getStatus());
                }
            }
        }

        @Override
        public void onComplete() {
            throw new IllegalStateException("a watch does not complete");
        }
    }
}
