package io.loggos.examples.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.recipe.Claim;
import io.loggos.api.kv.recipe.Election;
import io.loggos.api.kv.recipe.Observation;
import io.loggos.examples.etcd.proto.CampaignRequest;
import io.loggos.examples.etcd.proto.CampaignResponse;
import io.loggos.examples.etcd.proto.ElectionGrpc;
import io.loggos.examples.etcd.proto.LeaderKey;
import io.loggos.examples.etcd.proto.LeaderRequest;
import io.loggos.examples.etcd.proto.LeaderResponse;
import io.loggos.examples.etcd.proto.ProclaimRequest;
import io.loggos.examples.etcd.proto.ProclaimResponse;
import io.loggos.examples.etcd.proto.ResignRequest;
import io.loggos.examples.etcd.proto.ResignResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.Callers;
import io.loggos.examples.server.call.LatestAnswer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** etcd's Election service on a replicated store. A candidate waits without a thread. */
public final class ElectionService extends ElectionGrpc.ElectionImplBase {
    // These are the texts and codes of etcd's service.
    private static final Status MISSING_LEADER = Status.UNKNOWN.withDescription("\"leader\" field must be provided");
    private static final Status NOT_LEADER = Status.UNKNOWN.withDescription("election: not leader");
    private static final Status NO_LEADER = Status.UNKNOWN.withDescription("election: no leader");

    private final KeyValueStore store;
    private final Callers callers;
    private final Headers headers;
    private final Answers answers;

    public ElectionService(KeyValueStore store, Callers callers, Headers headers, Answers answers) {
        this.store = store;
        this.callers = callers;
        this.headers = headers;
        this.answers = answers;
    }

    /** Answers when the candidate leads. If the client goes before, it is withdrawn. */
    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> client) {
        KeyValueStore mine = callers.store();
        answers.<Claim, CampaignResponse>whileWanted(
                client,
                () -> new Sessions(mine.leases())
                        .withLease(
                                request.getLease(),
                                lease -> election(mine, request.getName())
                                        .campaign(lease, Requests.bytes(request.getValue()))),
                claim -> CampaignResponse.newBuilder()
                        .setHeader(headers.at(claim.createRevision())) // As in etcd, before the wait.
                        .setLeader(LeaderKey.newBuilder()
                                .setName(request.getName())
                                .setKey(UnsafeByteOperations.unsafeWrap(
                                        claim.key().asByteBuffer()))
                                .setRev(claim.createRevision())
                                .setLease(claim.lease()))
                        .build());
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> client) {
        KeyValueStore mine = callers.store();
        answers.later(
                client,
                () -> election(mine, request.getLeader().getName())
                        .proclaim(
                                claim(request.hasLeader() ? request.getLeader() : null),
                                Requests.bytes(request.getValue())),
                stood -> {
                    if (!stood) {
                        throw NOT_LEADER.asRuntimeException();
                    }
                    return ProclaimResponse.newBuilder()
                            .setHeader(headers.at(store.revision()))
                            .build();
                });
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> client) {
        KeyValueStore mine = callers.store();
        answers.<Optional<KeyValue>, LeaderResponse>later(
                client,
                () -> election(mine, request.getName()).leader(),
                leader -> response(leader.orElseThrow(NO_LEADER::asRuntimeException)));
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> client) {
        LatestAnswer<LeaderResponse> latest = answers.latest((ServerCallStreamObserver<LeaderResponse>) client);
        Observation observation =
                election(callers.store(), request.getName()).observe(leader -> latest.offer(response(leader)));
        CompletableFuture<?> unused = observation.ended().whenComplete((none, failure) -> latest.end(failure));
        latest.onGone(observation::close);
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> client) {
        KeyValueStore mine = callers.store();
        answers.later(
                client,
                () -> election(mine, request.getLeader().getName())
                        .resign(claim(request.hasLeader() ? request.getLeader() : null)),
                stood -> ResignResponse.newBuilder()
                        .setHeader(headers.at(store.revision()))
                        .build());
    }

    private LeaderResponse response(KeyValue leader) {
        return LeaderResponse.newBuilder()
                .setHeader(headers.at(store.revision()))
                .setKv(Responses.keyValue(leader))
                .build();
    }

    private static Election election(KeyValueStore mine, ByteString name) {
        return new Election(mine, Requests.bytes(name));
    }

    private static Claim claim(@Nullable LeaderKey leader) {
        if (leader == null) {
            throw MISSING_LEADER.asRuntimeException();
        }
        return new Claim(Requests.bytes(leader.getKey()), leader.getRev(), leader.getLease(), 0);
    }
}
