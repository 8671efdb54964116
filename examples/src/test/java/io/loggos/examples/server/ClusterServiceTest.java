package io.loggos.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.api.NodeId;
import io.loggos.api.member.MemberChange;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.Member;
import io.loggos.examples.etcd.proto.MemberAddRequest;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.MemberPromoteRequest;
import io.loggos.examples.etcd.proto.MemberRemoveRequest;
import io.loggos.examples.etcd.proto.MemberUpdateRequest;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** etcd's requests that change the members, and etcd's errors. */
class ClusterServiceTest {
    private final LocalServer server = new LocalServer();
    private final ClusterGrpc.ClusterBlockingStub client = ClusterGrpc.newBlockingStub(server.channel);

    @AfterEach
    void close() {
        server.close();
    }

    private long number(int id) {
        return server.members.numberOf(NodeId.of(id));
    }

    private static void assertRefused(Status.Code code, String text, Supplier<?> call) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call::get);
        assertEquals(code, refused.getStatus().getCode());
        assertTrue(String.valueOf(refused.getStatus().getDescription()).contains(text), refused::toString);
    }

    @Test
    void learnersAreListedAsSuch() {
        List<String> learners = client.memberList(MemberListRequest.getDefaultInstance()).getMembersList().stream()
                .filter(Member::getIsLearner)
                .map(Member::getName)
                .toList();
        assertEquals(List.of("n4"), learners);
    }

    @Test
    void membersAreRemovedPromotedAndUpdated() {
        assertEquals(
                4,
                client.memberRemove(MemberRemoveRequest.newBuilder()
                                .setID(number(2))
                                .build())
                        .getMembersCount());
        assertEquals(
                4,
                client.memberPromote(MemberPromoteRequest.newBuilder()
                                .setID(number(4))
                                .build())
                        .getMembersCount());
        MemberUpdateRequest update = MemberUpdateRequest.newBuilder()
                .setID(number(1))
                .addPeerURLs("http://host:2380")
                .build();
        assertEquals(4, client.memberUpdate(update).getMembersCount());
        assertEquals(
                List.of(MemberChange.remove(2), MemberChange.promote(4), MemberChange.update(1, "host:2380")),
                server.asked);
    }

    @Test
    void impossibleChangesHaveTheErrorsOfEtcd() {
        assertRefused(
                Status.Code.NOT_FOUND,
                "etcdserver: member not found",
                () -> client.memberRemove(
                        MemberRemoveRequest.newBuilder().setID(77).build()));
        assertRefused(
                Status.Code.FAILED_PRECONDITION,
                "etcdserver: can only promote a learner member",
                () -> client.memberPromote(
                        MemberPromoteRequest.newBuilder().setID(number(1)).build()));
        assertRefused(
                Status.Code.UNAVAILABLE,
                "etcdserver: unhealthy cluster",
                () -> client.memberRemove(
                        MemberRemoveRequest.newBuilder().setID(number(3)).build()));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "the URL of a peer",
                () -> client.memberUpdate(MemberUpdateRequest.newBuilder()
                        .setID(number(1))
                        .addPeerURLs("nonsense")
                        .build()));
        assertRefused(
                Status.Code.UNIMPLEMENTED, "--join", () -> client.memberAdd(MemberAddRequest.getDefaultInstance()));
    }
}
