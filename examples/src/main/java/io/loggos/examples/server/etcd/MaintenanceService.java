package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.examples.etcd.proto.AlarmRequest;
import io.loggos.examples.etcd.proto.AlarmResponse;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import io.loggos.examples.server.call.Answers;
import io.loggos.examples.server.call.EtcdErrors;
import java.util.Objects;

/** The read-only part of etcd's Maintenance service. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    /**
     * The version of etcd whose protocol this is, not the version of this server. Some clients refuse servers that they
     * consider too old, or use only the features of a version.
     */
    static final String PROTOCOL_VERSION = "3.5.0";

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
