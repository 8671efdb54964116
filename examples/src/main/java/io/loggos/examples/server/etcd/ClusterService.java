package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.member.MemberChange;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.Member;
import io.loggos.examples.etcd.proto.MemberAddRequest;
import io.loggos.examples.etcd.proto.MemberAddResponse;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.MemberListResponse;
import io.loggos.examples.etcd.proto.MemberPromoteRequest;
import io.loggos.examples.etcd.proto.MemberPromoteResponse;
import io.loggos.examples.etcd.proto.MemberRemoveRequest;
import io.loggos.examples.etcd.proto.MemberRemoveResponse;
import io.loggos.examples.etcd.proto.MemberUpdateRequest;
import io.loggos.examples.etcd.proto.MemberUpdateResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.EtcdErrors;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * etcd's Cluster service: lists and changes the members. A change is answered once it is complete.
 *
 * <p>A new member adds itself, since only it knows its store. So MemberAdd is answered with UNIMPLEMENTED.
 */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Members members;
    private final Headers headers;
    private final Function<MemberChange, CompletableFuture<?>> changes;

    /** @param changes makes a change, and ends once it is complete */
    public ClusterService(Members members, Headers headers, Function<MemberChange, CompletableFuture<?>> changes) {
        this.changes = changes;
        this.members = members;
        this.headers = headers;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> client) {
        Answers.now(
                client,
                MemberListResponse.newBuilder()
                        .setHeader(headers.plain())
                        .addAllMembers(present())
                        .build());
    }

    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> client) {
        client.onError(Status.UNIMPLEMENTED
                .withDescription("loggos: a new member adds itself: start it with 'loggos server --join'")
                .asRuntimeException());
    }

    @Override
    public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> client) {
        change(
                request.getID(),
                MemberChange.Remove::new,
                () -> MemberRemoveResponse.newBuilder()
                        .setHeader(headers.plain())
                        .addAllMembers(present())
                        .build(),
                client);
    }

    @Override
    public void memberPromote(MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> client) {
        boolean votes =
                members.all().stream().anyMatch(member -> member.number() == request.getID() && !member.learner());
        if (votes) {
            client.onError(EtcdErrors.NOT_LEARNER.asRuntimeException());
            return;
        }
        change(
                request.getID(),
                MemberChange.Promote::new,
                () -> MemberPromoteResponse.newBuilder()
                        .setHeader(headers.plain())
                        .addAllMembers(present())
                        .build(),
                client);
    }

    @Override
    public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> client) {
        Address address;
        try {
            URI url = URI.create(request.getPeerURLs(0));
            address = new Address(url.getHost(), url.getPort());
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
            client.onError(Status.INVALID_ARGUMENT
                    .withDescription("loggos: the URL of a peer is like http://host:2380")
                    .asRuntimeException());
            return;
        }
        change(
                request.getID(),
                id -> new MemberChange.Update(id, address),
                () -> MemberUpdateResponse.newBuilder()
                        .setHeader(headers.plain())
                        .addAllMembers(present())
                        .build(),
                client);
    }

    private <T> void change(
            long number, Function<NodeId, MemberChange> change, Supplier<T> response, StreamObserver<T> client) {
        NodeId id = members.idOf(number);
        if (id == null) {
            client.onError(EtcdErrors.MEMBER_NOT_FOUND.asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = changes.apply(change.apply(id)).whenComplete((done, failure) -> {
            if (failure == null) {
                Answers.now(client, response.get());
            } else {
                client.onError(EtcdErrors.of(failure));
            }
        });
    }

    private List<Member> present() {
        return members.all().stream().map(ClusterService::describe).toList();
    }

    private static Member describe(Members.Member member) {
        return Member.newBuilder()
                .setID(member.number())
                .setName(member.id().toString())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(member.learner())
                .build();
    }
}
