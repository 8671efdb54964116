package io.loggos.examples.server.etcd;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Lease;
import io.loggos.api.kv.Leases;
import io.loggos.examples.etcd.proto.LeaseGrantRequest;
import io.loggos.examples.etcd.proto.LeaseGrantResponse;
import io.loggos.examples.etcd.proto.LeaseGrpc;
import io.loggos.examples.etcd.proto.LeaseKeepAliveRequest;
import io.loggos.examples.etcd.proto.LeaseKeepAliveResponse;
import io.loggos.examples.etcd.proto.LeaseLeasesRequest;
import io.loggos.examples.etcd.proto.LeaseLeasesResponse;
import io.loggos.examples.etcd.proto.LeaseRevokeRequest;
import io.loggos.examples.etcd.proto.LeaseRevokeResponse;
import io.loggos.examples.etcd.proto.LeaseStatus;
import io.loggos.examples.etcd.proto.LeaseTimeToLiveRequest;
import io.loggos.examples.etcd.proto.LeaseTimeToLiveResponse;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** etcd's Lease service on the leases of a replicated store. No method waits. */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
    private final KeyValueStore store;
    private final Leases leases;
    private final Callers callers;
    private final Headers headers;
    private final Answers answers;

    public LeaseService(KeyValueStore store, Callers callers, Headers headers, Answers answers) {
        this.store = store;
        this.leases = store.leases();
        this.callers = callers;
        this.headers = headers;
        this.answers = answers;
    }

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> client) {
        answers.<Lease, LeaseGrantResponse>later(
                client,
                () -> {
                    // As in etcd, a time to live of nothing or less is raised to the least.
                    Duration ttl = Duration.ofSeconds(Math.max(1, request.getTTL()));
                    return request.getID() == 0 ? leases.grant(ttl) : leases.grant(request.getID(), ttl);
                },
                lease -> LeaseGrantResponse.newBuilder()
                        .setHeader(headers.at(store.revision()))
                        .setID(lease.id())
                        .setTTL(lease.ttl().toSeconds())
                        .build());
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> client) {
        Leases mine = callers.store().leases();
        answers.later(
                client,
                () -> mine.revoke(request.getID()),
                revision -> LeaseRevokeResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .build());
    }

    /** Renews leases. The answer for one that does not exist has the time to live 0. */
    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> client) {
        return answers.<LeaseKeepAliveRequest, LeaseKeepAliveResponse, LeaseKeepAliveResponse>stream(
                client,
                request -> {
                    // The revision before the renewal: no change at a later one may seem to precede it.
                    ResponseHeader header = headers.at(store.revision());
                    return orIfGone(leases.keepAlive(request.getID()), Duration.ZERO)
                            .thenApply(ttl -> LeaseKeepAliveResponse.newBuilder()
                                    .setHeader(header)
                                    .setID(request.getID())
                                    .setTTL(ttl.toSeconds())
                                    .build());
                },
                (request, response) -> response);
    }

    /** Returns the status of a lease. That of one that does not exist has the time to live -1. */
    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> client) {
        Leases mine = callers.store().leases();
        answers.later(
                client,
                () -> orIfGone(
                        mine.timeToLive(request.getID(), request.getKeys()).thenApply(this::response),
                        LeaseTimeToLiveResponse.newBuilder()
                                .setHeader(headers.at(store.revision()))
                                .setID(request.getID())
                                .setTTL(-1)
                                .build()),
                response -> response);
    }

    private LeaseTimeToLiveResponse response(io.loggos.api.kv.LeaseStatus status) {
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setHeader(headers.at(store.revision()))
                .setID(status.id())
                .setTTL(status.remaining().toSeconds())
                .setGrantedTTL(status.ttl().toSeconds());
        status.keys().forEach(key -> response.addKeys(UnsafeByteOperations.unsafeWrap(key.asByteBuffer())));
        return response.build();
    }

    @Override
    public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> client) {
        answers.later(client, leases::list, ids -> {
            LeaseLeasesResponse.Builder response =
                    LeaseLeasesResponse.newBuilder().setHeader(headers.at(store.revision()));
            ids.forEach(id -> response.addLeases(LeaseStatus.newBuilder().setID(id)));
            return response.build();
        });
    }

    /** Returns the answer, or another one if there is no such lease. */
    private static <T> CompletableFuture<T> orIfGone(CompletableFuture<T> asked, T otherwise) {
        return asked.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean isGone = cause instanceof KeyValueException refused && refused.reason() == Reason.LEASE_NOT_FOUND;
            return isGone ? CompletableFuture.completedFuture(otherwise) : CompletableFuture.failedFuture(failure);
        });
    }
}
