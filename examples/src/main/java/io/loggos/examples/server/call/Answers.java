package io.loggos.examples.server.call;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer when the store's future completes. These futures complete on the thread that applies commands, so
 * that thread does not build or send answers. The event loop of the request does, or another thread if the answer may
 * be large. So no connection waits for it.
 */
public final class Answers {
    private final EventLoops loops;
    private final Executor large;
    private final AnswerRoom room;

    /**
     * Creates answers for calls that these event loops serve.
     *
     * @param large builds the answers of writes that may be large
     * @param room bounds the large answers
     */
    public Answers(EventLoops loops, Executor large, AnswerRoom room) {
        this.loops = loops;
        this.large = large;
        this.room = room;
    }

    /**
     * Asks the store and answers later. If asking throws, it answers at once. The store is asked after everything that
     * arrived together was read, so that these requests reach the log together.
     */
    public <T, A> void later(StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        ignoreCancelled(client);
        Returns returns = loops.here();
        returns.add(new Small<>(client, ask, answer, returns));
    }

    /**
     * Asks and answers like {@link #later}, for a read whose answer may be large. The answer is built on the store's
     * thread for such reads. If the client goes, the read ends.
     */
    public <T, A extends MessageLite> void laterLargeRead(
            StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        Leaving<A> leaving = new Leaving<>(client, room);
        CompletableFuture<T> asked = answerTo(ask, (result, failure) -> {
            A response = respond(client, answer, result, failure);
            if (response != null && leaving.isHere()) {
                if (room.takeForRead(response.getSerializedSize())) {
                    leaving.send(response);
                } else {
                    client.onError(EtcdErrors.TOO_MANY_REQUESTS.asRuntimeException());
                }
            }
        });
        leaving.endsWith(asked);
    }

    /** Asks and answers like {@link #later}, for a write whose answer may be large. */
    public <T, A extends MessageLite> void laterLargeWrite(
            StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        Leaving<A> leaving = new Leaving<>(client, room);
        boolean begun = room.beginWrite(() -> {
            if (!leaving.isHere()) {
                room.endWrite(0, large);
                return;
            }
            CompletableFuture<T> unused = answerTo(
                    ask,
                    (result, failure) -> large.execute(() -> {
                        A response = respond(client, answer, result, failure);
                        room.endWrite(response == null ? 0 : response.getSerializedSize(), large);
                        if (response != null) {
                            leaving.send(response);
                        }
                    }));
        });
        if (!begun) {
            client.onError(EtcdErrors.TOO_MANY_REQUESTS.asRuntimeException());
        }
    }

    /** Asks and answers like {@link #later}, for what may take long. If the client goes, the future is cancelled. */
    public <T, A> void whileWanted(
            StreamObserver<A> client, Supplier<CompletableFuture<T>> ask, Function<T, A> answer) {
        Returns returns = loops.here();
        CompletableFuture<T> asked;
        try {
            asked = ask.get();
        } catch (RuntimeException refused) {
            asked = CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<T> waiting = asked;
        ((ServerCallStreamObserver<A>) client).setOnCancelHandler(() -> waiting.cancel(false));
        CompletableFuture<?> unused = waiting.whenComplete((result, failure) -> {
            if (!waiting.isCancelled()) { // Otherwise the client is gone.
                returns.add(new Finish<>(client, answer, result, failure));
            }
        });
    }

    /** Returns answers to a call of which only the latest matters. */
    public <A> LatestAnswer<A> latest(ServerCallStreamObserver<A> client) {
        return new LatestAnswer<>(client);
    }

    private static final class Finish<T, A> extends Returns.Task {
        private final StreamObserver<A> client;
        private final Function<T, A> answer;
        private final @Nullable T result;
        private final @Nullable Throwable failure;

        Finish(StreamObserver<A> client, Function<T, A> answer, @Nullable T result, @Nullable Throwable failure) {
            this.client = client;
            this.answer = answer;
            this.result = result;
            this.failure = failure;
        }

        @Override
        void run() {
            finish(client, answer, result, failure);
        }
    }

    /**
     * Answers each request of a stream later, in the order in which the store does. A failure of the store ends the
     * stream. A client that does not read its answers is not read any more.
     */
    public <Q, T, A> StreamObserver<Q> stream(
            StreamObserver<A> client, Function<Q, CompletableFuture<T>> ask, BiFunction<Q, T, A> answer) {
        return new RequestStream<>((ServerCallStreamObserver<A>) client, loops.here(), ask, answer);
    }

    /** Answers now. */
    public static <A> void now(StreamObserver<A> client, A response) {
        client.onNext(response);
        client.onCompleted();
    }

    private static <A> void ignoreCancelled(StreamObserver<A> client) {
        if (client instanceof ServerCallStreamObserver<A> call) {
            // With a handler, an answer to a cancelled call is ignored instead of throwing.
            call.setOnCancelHandler(() -> {});
        }
    }

    /** Asks. If asking throws, the future has failed. */
    private static <T> CompletableFuture<T> answerTo(
            Supplier<CompletableFuture<T>> ask, BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        CompletableFuture<T> asked;
        try {
            asked = ask.get();
        } catch (RuntimeException refused) {
            asked = CompletableFuture.failedFuture(refused);
        }
        CompletableFuture<T> unused = asked.whenComplete(answer);
        return asked;
    }

    private static <T, A> void finish(
            StreamObserver<A> client, Function<T, A> answer, @Nullable T result, @Nullable Throwable failure) {
        A response = respond(client, answer, result, failure);
        if (response != null) {
            now(client, response);
        }
    }

    /** Returns the response, or null if the client was sent an error instead. */
    private static <T, A> @Nullable A respond(
            StreamObserver<A> client, Function<T, A> answer, @Nullable T result, @Nullable Throwable failure) {
        try {
            if (result != null) {
                return answer.apply(result);
            }
            client.onError(EtcdErrors.of(
                    failure == null ? new IllegalStateException("neither an answer nor a failure") : failure));
        } catch (RuntimeException e) {
            client.onError(EtcdErrors.of(e));
        }
        return null;
    }

    /**
     * A small answer. The event loop runs it twice: first it asks the store, then it sends the result. The same object
     * is also the callback of the future.
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
                CompletableFuture<T> unused = answerTo(first, this);
            }
        }
    }
}
