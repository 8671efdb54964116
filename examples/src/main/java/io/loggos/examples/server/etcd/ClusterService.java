package io.loggos.examples.server.etcd;

import io.grpc.stub.StreamObserver;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.Member;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.MemberListResponse;
import io.loggos.examples.server.call.Answers;

/** etcd's Cluster service: lists the members. Requests that would change them are answered with UNIMPLEMENTED. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Members members;
    private final Headers headers;

    public ClusterService(Members members, Headers headers) {
        this.members = members;
        this.headers = headers;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> client) {
        MemberListResponse.Builder response = MemberListResponse.newBuilder().setHeader(headers.plain());
        members.all().forEach(member -> response.addMembers(describe(member)));
        Answers.now(client, response.build());
    }

    private static Member describe(Members.Member member) {
        return Member.newBuilder()
                .setID(member.number())
                .setName(member.id().toString())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .build();
    }
}
