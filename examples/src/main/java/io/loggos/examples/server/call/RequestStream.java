package io.loggos.examples.server.call;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream of requests, each with one answer. All state belongs to the event loop of the stream. At most {@link #WINDOW}
 * requests are read ahead of the answers that the client has taken.
 */
final class RequestStream<Q, T, A> implements StreamObserver<Q> {
    private static final int WINDOW = 256;

    private final ServerCallStreamObserver<A> client;
    private final Returns returns;
    private final Function<Q, CompletableFuture<T>> ask;
    private final BiFunction<Q, T, A> answer;

    private int unanswered;
    /** Answers for which no further request was read, because the client takes none. */
    private int owed;

    private boolean isHalfClosed;
    private boolean hasEnded;

    RequestStream(
            ServerCallStreamObserver<A> client,
            Returns returns,
            Function<Q, CompletableFuture<T>> ask,
            BiFunction<Q, T, A> answer) {
        this.client = client;
        this.returns = returns;
        this.ask = ask;
        this.answer = answer;
        client.disableAutoRequest();
        client.setOnCancelHandler(() -> hasEnded = true);
        client.setOnReadyHandler(this::onReady);
        client.request(WINDOW);
    }

    @Override
    public void onNext(Q request) {
        unanswered++;
        CompletableFuture<T> asked;
        try {
            asked = ask.apply(request);
        } catch (RuntimeException refused) {
            asked = CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<?> unused =
                asked.whenComplete((result, failure) -> returns.add(new Answer(request, result, failure)));
    }

    private void onReady() {
        int more = owed;
        owed = 0;
        if (more > 0) {
            client.request(more);
        }
    }

    @Override
    public void onError(Throwable gone) {
        hasEnded = true;
    }

    @Override
    public void onCompleted() {
        isHalfClosed = true;
        endIfDone();
    }

    private void endIfDone() {
        if (isHalfClosed && unanswered == 0 && !hasEnded) {
            hasEnded = true;
            client.onCompleted();
        }
    }

    private final class Answer extends Returns.Task {
        private final Q request;
        private final @Nullable T result;
        private final @Nullable Throwable failure;

        Answer(Q request, @Nullable T result, @Nullable Throwable failure) {
            this.request = request;
            this.result = result;
            this.failure = failure;
        }

        @Override
        void run() {
            unanswered--;
            if (hasEnded) {
                return;
            }
            if (result == null) {
                hasEnded = true;
                client.onError(EtcdErrors.of(failure == null ? new IllegalStateException("no answer") : failure));
                return;
            }
            client.onNext(answer.apply(request, result));
            if (client.isReady()) {
                client.request(1);
            } else {
                owed++;
            }
            endIfDone();
        }
    }
}
