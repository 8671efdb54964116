package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.server.call.Answers;

/**
 * gRPC's health protocol: serving while the replica runs and knows a leader. Each check reads the current status, so no
 * state is kept. A watch is answered with UNIMPLEMENTED, as the protocol allows.
 */
public final class HealthService extends HealthGrpc.HealthImplBase {
    private final KeyValueStore store;

    public HealthService(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> client) {
        String service = request.getService();
        if (!service.isEmpty() && !service.equals(KVGrpc.SERVICE_NAME)) {
            client.onError(Status.NOT_FOUND
                    .withDescription("the health of this service is not known here")
                    .asRuntimeException());
            return;
        }
        ReplicaStatus replica = store.replica().status();
        boolean serving = replica.role() != Role.HALTED && replica.leader() != null;
        Answers.now(
                client,
                HealthCheckResponse.newBuilder()
                        .setStatus(serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                        .build());
    }
}
