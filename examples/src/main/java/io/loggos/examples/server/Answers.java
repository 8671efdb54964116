package io.loggos.examples.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends answers once they are there. The store's futures complete on the thread that applies commands; what
 * it costs to build and send an answer is paid on another.
 */
final class Answers {
    private final Executor executor;

    Answers(Executor executor) {
        this.executor = executor;
    }

    /** Asks the store and answers later; what the asking itself throws is answered at once. */
    <T, A> void later(StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        if (client instanceof ServerCallStreamObserver<A> call) {
            // With a handler, answering a call that was cancelled meanwhile is ignored instead of throwing.
            call.setOnCancelHandler(() -> {});
        }
        CompletableFuture<T> asked;
        try {
            asked = ask.get();
        } catch (RuntimeException refused) {
            client.onError(EtcdErrors.of(refused));
            return;
        }
        CompletableFuture<A> answered = asked.thenApplyAsync(answer, executor);
        answered.thenAccept(response -> now(client, response)).exceptionally(failure -> {
            client.onError(EtcdErrors.of(failure));
            return null;
        });
    }

    /** Answers now. */
    static <A> void now(StreamObserver<A> client, A response) {
        client.onNext(response);
        client.onCompleted();
    }
}
