package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Leases;
import io.loggos.api.kv.recipe.Claim;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** The leases of locks and elections. A call that names none gets a new one, which nobody renews, as in etcd. */
final class Sessions {
    private static final Duration TTL = Duration.ofSeconds(60);
    /** These services of etcd give each error the code UNKNOWN. */
    private static final Status LEASE_NOT_FOUND =
            Status.UNKNOWN.withDescription("etcdserver: requested lease not found");

    private final Leases leases;

    Sessions(Leases leases) {
        this.leases = leases;
    }

    /** Claims something with a lease. Cancelling the future cancels the claim. */
    CompletableFuture<Claim> withLease(long lease, LongFunction<CompletableFuture<Claim>> claim) {
        CompletableFuture<Claim> answer = new CompletableFuture<>();
        if (lease == 0) {
            CompletableFuture<?> unused = leases.grant(TTL).whenComplete((granted, failure) -> {
                if (failure == null) {
                    forward(claim.apply(granted.id()), answer);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } else {
            forward(claim.apply(lease), answer);
        }
        return answer;
    }

    private static void forward(CompletableFuture<Claim> claimed, CompletableFuture<Claim> answer) {
        CompletableFuture<?> unused = claimed.whenComplete((claim, failure) -> {
            if (failure == null) {
                answer.complete(claim);
            } else {
                boolean isGone =
                        failure instanceof KeyValueException refused && refused.reason() == Reason.LEASE_NOT_FOUND;
                answer.completeExceptionally(isGone ? LEASE_NOT_FOUND.asRuntimeException() : failure);
            }
        });
        CompletableFuture<?> unusedToo = answer.whenComplete((claim, failure) -> claimed.cancel(false));
    }
}
