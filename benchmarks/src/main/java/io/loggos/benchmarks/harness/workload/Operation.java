package io.loggos.benchmarks.harness.workload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Operation in flight. It is used again and again, so that measuring adds no garbage. The thread that drives the loop
 * and the one that completes it pass it to each other through {@link Completions}.
 */
public final class Operation implements BiFunction<@Nullable Object, @Nullable Throwable, @Nullable Object> {
    private final Completions completions;
    private long startedNanos;
    private long completedNanos;
    private @Nullable Throwable failure;

    /** Next operation in the list of completions, or in one of the loop. */
    @Nullable
    Operation next;

    Operation(Completions completions) {
        this.completions = completions;
    }

    /** Starts the operation, with the time at which it begins or was due. */
    void start(long nanos) {
        failure = null;
        startedNanos = nanos;
    }

    /**
     * Completes the operation, with or without a failure. Called once for each start, on any thread; returns at once.
     */
    public void complete(@Nullable Throwable cause) {
        completedNanos = completions.nanos();
        failure = cause;
        completions.add(this);
    }

    /** Completes the operation when the future does. */
    public void endsWith(CompletableFuture<?> future) {
        // Not whenComplete: its dependent future would fail too, with one more exception each time.
        CompletableFuture<?> unused = future.handle(this);
    }

    /**
     * Completes the operation as the callback of {@link #endsWith}. The operation itself is the callback, so that
     * nothing else is allocated.
     */
    @Override
    public @Nullable Object apply(@Nullable Object result, @Nullable Throwable cause) {
        complete(cause);
        return null;
    }

    long nanos() {
        return completedNanos - startedNanos;
    }

    /** Returns the failure without the wrapper of a future; null if it succeeded. */
    @Nullable
    Throwable failure() {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
