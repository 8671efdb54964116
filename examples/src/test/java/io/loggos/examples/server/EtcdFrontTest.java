package io.loggos.examples.server;

import static io.loggos.examples.server.EtcdConversation.get;
import static io.loggos.examples.server.EtcdConversation.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.loggos.api.Address;
import io.loggos.api.TransportException;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import io.loggos.examples.etcd.proto.AlarmRequest;
import io.loggos.examples.etcd.proto.ClusterGrpc;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.Member;
import io.loggos.examples.etcd.proto.MemberListRequest;
import io.loggos.examples.etcd.proto.MemberListResponse;
import io.loggos.examples.etcd.proto.ResponseHeader;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import io.loggos.examples.server.call.LeaderRequired;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The answers of the front apart from the content of the store: headers, members, status, health, refusals. */
class EtcdFrontTest {
    private final LocalServer server = new LocalServer();
    private final KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void headerNamesClusterMemberRevisionAndBallot() {
        ResponseHeader first = kv.put(put("a", "1").build()).getHeader();
        ResponseHeader second = kv.range(get("a").build()).getHeader();

        assertEquals(2, first.getRevision());
        assertEquals(7, first.getRaftTerm());
        assertEquals(server.members.clusterNumber(), first.getClusterId());
        assertEquals(server.members.self(), first.getMemberId());
        assertEquals(first, second);
    }

    @Test
    void membersAreListedWithAddresses() {
        MemberListResponse list =
                ClusterGrpc.newBlockingStub(server.channel).memberList(MemberListRequest.getDefaultInstance());

        assertEquals(0, list.getHeader().getRevision());
        List<Member> members = list.getMembersList();
        assertEquals(4, members.size());
        Member first = named(members, "n1");
        assertEquals(List.of("http://127.0.0.1:7001"), first.getPeerURLsList());
        assertEquals(List.of("http://127.0.0.1:8001"), first.getClientURLsList());
        assertEquals(server.members.self(), first.getID());
        assertEquals(List.of("http://[::1]:8002"), named(members, "n2").getClientURLsList());
        assertEquals(List.of(), named(members, "n3").getClientURLsList());
        assertEquals(4, members.stream().map(Member::getID).distinct().count());
    }

    @Test
    void memberNumbersDependOnTheNamesOnly() {
        try (LocalServer another = new LocalServer()) {
            assertEquals(server.members.all(), another.members.all());
        }
        assertNotEquals(server.members.clusterNumber(), server.members.self());
        assertEquals(0, server.members.numberOf(null));
    }

    @Test
    void statusTellsWhatEtcdctlShows() {
        kv.put(put("a", "1").build());

        StatusResponse status =
                MaintenanceGrpc.newBlockingStub(server.channel).status(StatusRequest.getDefaultInstance());

        assertEquals("3.5.0", status.getVersion());
        assertEquals(server.members.self(), status.getLeader());
        assertEquals(7, status.getRaftTerm());
        assertEquals(1, status.getRaftIndex());
        assertEquals(1, status.getRaftAppliedIndex());
        assertEquals(2, status.getHeader().getRevision());
        assertEquals(List.of(), status.getErrorsList());
        assertTrue(!status.getIsLearner());
    }

    /** There is nothing that an alarm of no type would do, and unknown actions are refused. */
    @Test
    void alarmsWithoutMeaningAreRefusedOrIgnored() {
        MaintenanceGrpc.MaintenanceBlockingStub maintenance = MaintenanceGrpc.newBlockingStub(server.channel);

        assertEquals(0, maintenance.alarm(AlarmRequest.getDefaultInstance()).getAlarmsCount());
        assertEquals(
                0,
                maintenance
                        .alarm(AlarmRequest.newBuilder()
                                .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                                .build())
                        .getAlarmsCount());
        refuses(
                Status.Code.INVALID_ARGUMENT,
                () -> maintenance.alarm(
                        AlarmRequest.newBuilder().setActionValue(9).build()));
    }

    @Test
    void clientThatRequiresALeaderIsToldWhenThereIsNone() {
        Metadata required = new Metadata();
        required.put(LeaderRequired.HAS_LEADER, "true");
        KVGrpc.KVBlockingStub strict = kv.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(required));
        assertEquals(0, strict.range(get("a").build()).getCount());

        server.replica.leader(null);

        StatusRuntimeException refused = refuses(Status.Code.UNAVAILABLE, () -> strict.range(get("a").build()));
        assertEquals("etcdserver: no leader", refused.getStatus().getDescription());
        assertEquals(0, kv.range(get("a").setSerializable(true).build()).getCount());
        StatusResponse status =
                MaintenanceGrpc.newBlockingStub(server.channel).status(StatusRequest.getDefaultInstance());
        assertEquals(0, status.getLeader());
        assertEquals(List.of("etcdserver: no leader"), status.getErrorsList());
    }

    @Test
    void healthFollowsTheLeader() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(server.channel);
        HealthCheckRequest request = HealthCheckRequest.getDefaultInstance();
        assertEquals(ServingStatus.SERVING, health.check(request).getStatus());

        server.replica.leader(null);

        assertEquals(ServingStatus.NOT_SERVING, health.check(request).getStatus());
        refuses(
                Status.Code.NOT_FOUND,
                () -> health.check(
                        HealthCheckRequest.newBuilder().setService("nobody").build()));
    }

    @Test
    void healthIsTold() throws Exception {
        BlockingQueue<ServingStatus> told = new LinkedBlockingQueue<>();
        StreamObserver<HealthCheckResponse> observer = new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckResponse response) {
                told.add(response.getStatus());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
        HealthGrpc.HealthStub health = HealthGrpc.newStub(server.channel);
        health.watch(HealthCheckRequest.getDefaultInstance(), observer);
        assertEquals(ServingStatus.SERVING, told.poll(30, TimeUnit.SECONDS));

        server.replica.leader(null);

        assertEquals(ServingStatus.NOT_SERVING, told.poll(30, TimeUnit.SECONDS));
        health.watch(HealthCheckRequest.newBuilder().setService("nobody").build(), observer);
        assertEquals(ServingStatus.SERVICE_UNKNOWN, told.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void servicesAreListedByReflection() throws Exception {
        CompletableFuture<ServerReflectionResponse> listed = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(server.channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        listed.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        listed.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        List<String> names = listed.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)
                .toList();
        requests.onCompleted();
        assertTrue(
                names.containsAll(List.of("etcdserverpb.KV", "etcdserverpb.Watch", "v3lockpb.Lock")), names::toString);
    }

    @Test
    void adminTellsWhatTheReplicaIsDoing() {
        kv.put(put("a", "1").build());

        NodeStatusReply reply =
                AdminGrpc.newBlockingStub(server.channel).nodeStatus(NodeStatusRequest.getDefaultInstance());

        assertEquals("test", reply.getClusterId());
        assertEquals(1, reply.getNode());
        assertEquals("LEADER", reply.getRole());
        assertEquals(1, reply.getLeader());
        assertEquals(7, reply.getBallotRound());
        assertEquals(1, reply.getAppliedSlot());
        assertEquals(2, reply.getRevision());
        assertEquals(List.of(1, 2, 3), reply.getConnectedList());
    }

    @Test
    void addressInUseIsNamed() {
        Address taken = server.front.listening();

        TransportException e = assertThrows(
                TransportException.class,
                () -> EtcdFront.open(
                        List.of(taken),
                        1 << 20,
                        server.store,
                        null,
                        server.members,
                        server.changes,
                        List.of(),
                        server.pages,
                        ClientSecurity.NONE,
                        null));

        assertTrue(e.getMessage().contains(taken.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("in use"), e.getMessage());
    }

    private static Member named(List<Member> members, String name) {
        return members.stream()
                .filter(member -> member.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static StatusRuntimeException refuses(Status.Code code, Executable call) {
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
        assertEquals(code, e.getStatus().getCode(), e.toString());
        return e;
    }
}
