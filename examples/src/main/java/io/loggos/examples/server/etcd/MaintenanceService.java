package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.NodeId;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.examples.etcd.proto.AlarmRequest;
import io.loggos.examples.etcd.proto.AlarmResponse;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.MoveLeaderRequest;
import io.loggos.examples.etcd.proto.MoveLeaderResponse;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The part of etcd's Maintenance service that reports the status and moves the leader. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    /**
     * The version of etcd whose protocol this is, not the version of this server. Some clients refuse servers that they
     * consider too old, or use only the features of a version.
     */
    public static final String PROTOCOL_VERSION = "3.5.0";

    private final KeyValueStore store;
    private final Members members;
    private final Headers headers;

    public MaintenanceService(KeyValueStore store, Members members, Headers headers) {
        this.store = store;
        this.members = members;
        this.headers = headers;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
        ReplicaStatus replica = store.replica().status();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(headers.at(store.revision()))
                .setVersion(PROTOCOL_VERSION)
                .setDbSize(store.sizeBytes())
                .setDbSizeInUse(store.sizeBytes())
                .setLeader(members.numberOf(replica.leader()))
                .setRaftIndex(replica.chosenSlot().value())
                .setRaftTerm(replica.ballot().round())
                .setRaftAppliedIndex(replica.appliedSlot().value());
        if (replica.leader() == null) {
            response.addErrors(Objects.requireNonNull(EtcdErrors.NO_LEADER.getDescription()));
        }
        String halted = replica.halted();
        if (halted != null) {
            response.addErrors("loggos: halted: " + halted);
        }
        Answers.now(client, response.build());
    }

    /** Hands the leadership over. A member that does not lead, or does not know the target, says so as etcd does. */
    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> client) {
        NodeId self = members.idOf(members.self());
        if (self == null || !self.equals(store.replica().status().leader())) {
            client.onError(EtcdErrors.NOT_LEADER.asRuntimeException());
            return;
        }
        NodeId target = members.idOf(request.getTargetID());
        if (target == null) {
            client.onError(EtcdErrors.BAD_TRANSFEREE.asRuntimeException());
            return;
        }
        CompletableFuture<?> unused = store.replica().transferLeadership(target).whenComplete((none, failure) -> {
            if (failure == null) {
                Answers.now(
                        client,
                        MoveLeaderResponse.newBuilder()
                                .setHeader(headers.at(store.revision()))
                                .build());
            } else {
                client.onError(EtcdErrors.of(failure));
            }
        });
    }

    /** Answers with an empty list, since there are no alarms. Raising an alarm is not supported. */
    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> client) {
        if (request.getAction() == AlarmRequest.AlarmAction.GET) {
            Answers.now(
                    client,
                    AlarmResponse.newBuilder()
                            .setHeader(headers.at(store.revision()))
                            .build());
        } else {
            client.onError(Status.UNIMPLEMENTED
                    .withDescription("loggos: alarms cannot be raised or lowered")
                    .asRuntimeException());
        }
    }
}
