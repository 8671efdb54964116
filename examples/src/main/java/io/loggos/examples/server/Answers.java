package io.loggos.examples.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends answers once they are there. The store's futures complete on the thread that applies commands; what it costs
 * to build and send an answer is paid on the event loop that the request came from, or, where an answer may be large,
 * on another thread, so that no connection waits for it.
 */
final class Answers {
    private final EventLoops loops;
    private final Executor large;

    /**
     * Answers of calls that these event loops serve.
     *
     * @param large builds the answers that may be large
     */
    Answers(EventLoops loops, Executor large) {
        this.loops = loops;
        this.large = large;
    }

    /**
     * Asks the store and answers later; what the asking itself throws is answered at once. The store is asked when
     * everything has been read that has arrived together, so that it comes to the log together.
     */
    <T, A> void later(StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        ignoreCancelled(client);
        Returns returns = loops.here();
        returns.add(new Small<>(client, ask, answer, returns));
    }

    /** As {@link #later}, for an answer that may be large. */
    <T, A> void laterLarge(StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        ignoreCancelled(client);
        answerTo(client, ask, (result, failure) -> large.execute(() -> finish(client, answer, result, failure)));
    }

    /** Answers now. */
    static <A> void now(StreamObserver<A> client, A response) {
        client.onNext(response);
        client.onCompleted();
    }

    private static <A> void ignoreCancelled(StreamObserver<A> client) {
        if (client instanceof ServerCallStreamObserver<A> call) {
            // With a handler, answering a call that was cancelled meanwhile is ignored instead of throwing.
            call.setOnCancelHandler(() -> {});
        }
    }

    private static <T, A> void answerTo(
            StreamObserver<A> client,
            Supplier<CompletableFuture<T>> ask,
            BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        CompletableFuture<T> asked;
        try {
            asked = ask.get();
        } catch (RuntimeException refused) {
            client.onError(EtcdErrors.of(refused));
            return;
        }
        CompletableFuture<T> unused = asked.whenComplete(answer);
    }

    private static <T, A> void finish(
            StreamObserver<A> client, Function<T, A> answer, @Nullable T result, @Nullable Throwable failure) {
        if (result == null) {
            client.onError(EtcdErrors.of(
                    failure == null ? new IllegalStateException("neither an answer nor a failure") : failure));
            return;
        }
        A response;
        try {
            response = answer.apply(result);
        } catch (RuntimeException e) {
            client.onError(EtcdErrors.of(e));
            return;
        }
        now(client, response);
    }

    /**
     * A small answer. It comes to its event loop twice, first to ask the store, then with what the store has said; it is
     * itself what hangs on the future.
     */
    private static final class Small<T, A> extends Returns.Task
            implements BiConsumer<@Nullable T, @Nullable Throwable> {
        private final StreamObserver<A> client;
        private final Function<T, A> answer;
        private final Returns returns;
        private @Nullable Supplier<CompletableFuture<T>> ask;
        private @Nullable T result;
        private @Nullable Throwable failure;

        Small(StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer, Returns returns) {
            this.client = client;
            this.ask = ask;
            this.answer = answer;
            this.returns = returns;
        }

        @Override
        public void accept(@Nullable T found, @Nullable Throwable cause) {
            result = found;
            failure = cause;
            returns.add(this);
        }

        @Override
        void run() {
            Supplier<CompletableFuture<T>> first = ask;
            if (first == null) {
                finish(client, answer, result, failure);
            } else {
                ask = null;
                answerTo(client, first, this);
            }
        }
    }
}
