package io.loggos.api.kv.recipe;

import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.replica.Consistency;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The leaders of an {@link Election}, as a listener receives them until this is closed. Safe for use by any thread. */
public final class Observation implements AutoCloseable {
    private final KeyValueStore store;
    private final KeyQueue queue;
    private final Consumer<KeyValue> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Observation(KeyValueStore store, KeyQueue queue, Consumer<KeyValue> listener) {
        this.store = store;
        this.queue = queue;
        this.listener = listener;
    }

    /** Completes when this is closed, or with the failure that has ended it. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Ends it. The listener may get one more leader meanwhile. A second call does nothing. */
    @Override
    public void close() {
        ended.complete(null);
    }

    /** Reads who leads, and follows that key. */
    void begin() {
        if (!ended.isDone()) {
            next(store.range(Consistency.LINEARIZABLE, queue.first()).thenCompose(result -> follow(result.value())));
        }
    }

    private CompletableFuture<?> follow(Outcome.Range first) {
        List<KeyValue> found = first.keyValues();
        if (found.isEmpty()) {
            return until(queue.keys(), first.revision() + 1, event -> event.kind() == WatchEvent.Kind.PUT)
                    .thenCompose(event -> follow(event.keyValue()));
        }
        return follow(found.get(0), first.revision());
    }

    private CompletableFuture<?> follow(KeyValue leader) {
        return follow(leader, leader.modRevision());
    }

    private CompletableFuture<?> follow(KeyValue leader, long revision) {
        tell(leader);
        return until(KeyRange.single(leader.key()), revision + 1, event -> {
            if (event.kind() == WatchEvent.Kind.DELETE) {
                return true;
            }
            tell(event.keyValue());
            return false;
        });
    }

    private void tell(KeyValue leader) {
        if (!ended.isDone()) {
            listener.accept(leader);
        }
    }

    private CompletableFuture<WatchEvent> until(KeyRange keys, long fromRevision, Predicate<WatchEvent> last) {
        CompletableFuture<WatchEvent> awaited = EventAwaiter.await(store, keys, fromRevision, last);
        CompletableFuture<?> unused = ended.whenComplete((none, failure) -> awaited.cancel(false));
        return awaited;
    }

    /** Begins again when a leader is gone. Other failures end the observation. */
    private void next(CompletableFuture<?> step) {
        CompletableFuture<?> unused = step.whenComplete((done, failure) -> {
            Throwable cause = KeyQueue.unwrapped(failure);
            if (cause == null || cause instanceof CompactedException) {
                begin();
            } else {
                end(cause);
            }
        });
    }

    private void end(@Nullable Throwable cause) {
        if (cause != null) {
            ended.completeExceptionally(cause);
        }
    }
}
