package io.loggos.multicast.runtime.ask;

import io.loggos.api.group.View;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callers of one group that wait for a view. Any thread. */
public final class ViewWaiters {
    private record Waiter(Predicate<View> wanted, CompletableFuture<View> future) {
        /** Completes if this is the view, or the predicate throws. */
        boolean ends(View view) {
            try {
                if (!wanted.test(view)) {
                    return false;
                }
                future.complete(view);
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
            return true;
        }
    }

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** Returns a view that is wanted: the present one, or the next. */
    public CompletableFuture<View> await(Predicate<View> wanted, Supplier<@Nullable View> present) {
        Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
        waiters.add(waiter);
        View now = present.get();
        if (now != null && waiter.ends(now)) {
            waiters.remove(waiter);
        }
        return waiter.future;
    }

    /** Notes a view that the listener has received. */
    public void entered(View view) {
        waiters.removeIf(waiter -> waiter.future.isDone() || waiter.ends(view));
    }

    /** Fails all that wait, since there will be no view. */
    public void fail(RuntimeException cause) {
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.future.completeExceptionally(cause);
        }
    }
}
