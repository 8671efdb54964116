package io.loggos.examples.server.call;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream of answers of which only the latest matters. While the client takes none, a new one replaces the one that
 * waits. Any thread.
 */
public final class LatestAnswer<A> {
    private final ServerCallStreamObserver<A> client;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private @Nullable A waiting;
    private boolean hasEnded;

    LatestAnswer(ServerCallStreamObserver<A> client) {
        this.client = client;
        client.setOnCancelHandler(this::cancelled);
        client.setOnReadyHandler(this::send);
    }

    /** Sends an answer now, or when the client takes it. */
    public synchronized void offer(A answer) {
        waiting = answer;
        send();
    }

    private synchronized void send() {
        A next = waiting;
        if (next != null && !hasEnded && client.isReady()) {
            waiting = null;
            client.onNext(next);
        }
    }

    /** Ends the stream: with the error of a failure, if there is one. */
    public synchronized void end(@Nullable Throwable failure) {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        if (failure == null) {
            client.onCompleted();
        } else {
            client.onError(EtcdErrors.of(failure));
        }
    }

    /** Sets what runs when the client is gone, which may be now. */
    public void onGone(Runnable action) {
        CompletableFuture<?> unused = gone.thenRun(action);
    }

    private void cancelled() {
        synchronized (this) {
            hasEnded = true;
        }
        gone.complete(null);
    }
}
