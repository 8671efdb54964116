package io.loggos.benchmarks.harness.workload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of the operations in flight. It is used again and again, so that the measuring adds no garbage of its own. It is
 * handed between the thread that drives the loop and the one that completes it, and back, through {@link Completions}.
 */
public final class Operation implements BiFunction<@Nullable Object, @Nullable Throwable, @Nullable Object> {
    private final Completions completions;
    private long startedNanos;
    private long completedNanos;
    private @Nullable Throwable failure;

    /** The next of the list that it is in; that of its completions, or one of its loop. */
    @Nullable
    Operation next;

    Operation(Completions completions) {
        this.completions = completions;
    }

    /** It begins, or was due, at this time. */
    void start(long nanos) {
        failure = null;
        startedNanos = nanos;
    }

    /** It is over, with or without a failure. Called once for each start, on any thread; returns at once. */
    public void complete(@Nullable Throwable cause) {
        completedNanos = completions.nanos();
        failure = cause;
        completions.add(this);
    }

    /** It is over when the future is. */
    public void endsWith(CompletableFuture<?> future) {
        // Not whenComplete: what depends on a failed future then fails too, with an exception more for each.
        CompletableFuture<?> unused = future.handle(this);
    }

    /** For {@link #endsWith}: the operation is itself what hangs on the future, so that nothing else is allocated. */
    @Override
    public @Nullable Object apply(@Nullable Object result, @Nullable Throwable cause) {
        complete(cause);
        return null;
    }

    long nanos() {
        return completedNanos - startedNanos;
    }

    /** Why it failed, without the wrapping of a future; null if it did not. */
    @Nullable
    Throwable failure() {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
