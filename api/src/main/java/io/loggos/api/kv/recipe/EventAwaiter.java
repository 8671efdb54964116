package io.loggos.api.kv.recipe;

import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/** A watch that ends with the first event of some kind. */
final class EventAwaiter implements Flow.Subscriber<WatchEvents> {
    private final Predicate<WatchEvent> last;
    private final CompletableFuture<WatchEvent> found;

    private EventAwaiter(Predicate<WatchEvent> last, CompletableFuture<WatchEvent> found) {
        this.last = last;
        this.found = found;
    }

    /** Returns the first event from a revision on that is the last one wanted. Cancelling it ends the watch. */
    static CompletableFuture<WatchEvent> await(
            KeyValueStore store, KeyRange keys, long fromRevision, Predicate<WatchEvent> last) {
        CompletableFuture<WatchEvent> found = new CompletableFuture<>();
        store.watch(keys, WatchOptions.builder().fromRevision(fromRevision).build())
                .subscribe(new EventAwaiter(last, found));
        return found;
    }

    @Override
    public void onSubscribe(Flow.Subscription watch) {
        CompletableFuture<?> unused = found.whenComplete((event, failure) -> watch.cancel());
        watch.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(WatchEvents batch) {
        for (WatchEvent event : batch.events()) {
            if (!found.isDone() && last.test(event)) {
                found.complete(event);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        found.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        found.completeExceptionally(new IllegalStateException("a watch has completed"));
    }
}
