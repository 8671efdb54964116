package io.loggos.benchmarks.workload;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the operations in flight. It is used again and again, so that the measuring adds no garbage of its own. It is
 * handed between the caller and the thread that completes it, and back, through the queue.
 */
public final class Operation implements BiConsumer<@Nullable Object, @Nullable Throwable> {
    private final Queue<Operation> completed;
    private long startedNanos;
    private long completedNanos;
    private @Nullable Throwable failure;

    Operation(Queue<Operation> completed) {
        this.completed = completed;
    }

    void start() {
        failure = null;
        startedNanos = System.nanoTime();
    }

    /** It is over, with or without a failure. Called once for each start, on any thread; returns at once. */
    public void complete(@Nullable Throwable cause) {
        completedNanos = System.nanoTime();
        failure = cause;
        completed.add(this);
    }

    /** It is over when the future is. */
    public void endsWith(CompletableFuture<?> future) {
        CompletableFuture<?> unused = future.whenComplete(this);
    }

    /** For {@link #endsWith}: the operation is itself what hangs on the future, so that nothing else is allocated. */
    @Override
    public void accept(@Nullable Object result, @Nullable Throwable cause) {
        complete(cause);
    }

    long nanos() {
        return completedNanos - startedNanos;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }
}
