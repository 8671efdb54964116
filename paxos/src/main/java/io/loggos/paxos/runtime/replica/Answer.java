package io.loggos.paxos.runtime.replica;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Future of an answer of a replica, or one that depends on such a future.
 *
 * <p>It may complete on the thread that applies commands. A stage that waits there for another answer would wait for
 * itself. So a wait on that thread fails at once, and the thread goes on.
 */
class Answer<T> extends CompletableFuture<T> {
    private final ReplicaLoop loop;

    Answer(ReplicaLoop loop) {
        this.loop = loop;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Answer<>(loop);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        checkMayWait();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        checkMayWait();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        checkMayWait();
        return super.join();
    }

    private void checkMayWait() {
        if (!isDone() && loop.appliesHere()) {
            throw new IllegalStateException(
                    "the thread that applies commands must not wait for an answer, which needs this"
                            + " thread: use thenCompose, thenApplyAsync, or UserCodeOptions.answers");
        }
    }
}
