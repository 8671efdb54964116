package io.loggos.multicast.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.loggos.api.Bytes;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A bulk request that is coming in, and its answer. A request that does not become whole has a deadline. */
final class BulkAnswer extends ServerCall.Listener<List<Bytes>> {
    private final ServerCall<List<Bytes>, List<Bytes>> call;
    private final Bytes proof;
    private final Executor pool;
    private final Function<Bytes, @Nullable Bytes> node;
    private final AtomicInteger sameCaller;
    /** True once the request is whole, or its time is over. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private @Nullable Bytes request;

    /**
     * Begins to take a request.
     *
     * @param proof goes with the answer; empty if there is no secret
     * @param sameCaller counts the requests of this caller that are under way, this one included
     */
    BulkAnswer(
            ServerCall<List<Bytes>, List<Bytes>> call,
            Bytes proof,
            Executor pool,
            Function<Bytes, @Nullable Bytes> node,
            AtomicInteger sameCaller) {
        this.call = call;
        this.proof = proof;
        this.pool = pool;
        this.node = node;
        this.sameCaller = sameCaller;
    }

    /** Ends a request of which a part has not come in time. */
    void overdue() {
        if (decided.compareAndSet(false, true)) {
            call.close(Status.DEADLINE_EXCEEDED, new Metadata());
        }
    }

    @Override
    public void onMessage(List<Bytes> pieces) {
        request = pieces.get(0);
    }

    @Override
    public void onHalfClose() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        Bytes asked = request;
        if (asked == null || asked.size() > GrpcMethods.BULK_LIMIT_BYTES) {
            call.close(Status.INVALID_ARGUMENT.withDescription("no request, or too large a one"), new Metadata());
            return;
        }
        try {
            pool.execute(() -> answer(asked));
        } catch (RejectedExecutionException e) {
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("too many requests"), new Metadata());
        }
    }

    // For each call, gRPC calls exactly one of the next two, as the last one.

    @Override
    public void onComplete() {
        sameCaller.decrementAndGet();
    }

    @Override
    public void onCancel() {
        decided.set(true);
        sameCaller.decrementAndGet();
    }

    private void answer(Bytes asked) {
        Bytes answer;
        try {
            answer = call.isCancelled() ? null : node.apply(asked);
        } catch (RuntimeException e) {
            call.close(Status.INTERNAL.withDescription(e.getClass().getSimpleName()), new Metadata());
            return;
        }
        if (answer == null) {
            call.close(Status.NOT_FOUND, new Metadata());
        } else {
            call.sendHeaders(GrpcMethods.answer(proof));
            call.sendMessage(List.of(answer));
            call.close(Status.OK, new Metadata());
        }
    }
}
