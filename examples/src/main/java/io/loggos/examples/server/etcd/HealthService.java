package io.loggos.examples.server.etcd;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.server.call.Answers;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * gRPC's health protocol: serving while the replica runs and knows a leader. A check reads the current status; watches
 * are told of a change within a second.
 */
public final class HealthService extends HealthGrpc.HealthImplBase {
    private final KeyValueStore store;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    /** A client that watches, and the last status that it was sent. */
    private static final class Watcher {
        private final ServerCallStreamObserver<HealthCheckResponse> client;
        private @Nullable ServingStatus sent;

        Watcher(ServerCallStreamObserver<HealthCheckResponse> client) {
            this.client = client;
        }

        synchronized void tell(ServingStatus status) {
            if (status != sent && client.isReady() && !client.isCancelled()) {
                sent = status;
                client.onNext(response(status));
            }
        }
    }

    public HealthService(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> client) {
        if (isKnown(request)) {
            Answers.now(client, response(status()));
        } else {
            client.onError(Status.NOT_FOUND
                    .withDescription("the health of this service is not known here")
                    .asRuntimeException());
        }
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> client) {
        Watcher watcher = new Watcher((ServerCallStreamObserver<HealthCheckResponse>) client);
        if (isKnown(request)) {
            watcher.client.setOnCancelHandler(() -> watchers.remove(watcher));
            watchers.add(watcher);
            watcher.tell(status());
        } else {
            // The protocol wants the stream to stay.
            watcher.client.setOnCancelHandler(() -> {});
            watcher.tell(ServingStatus.SERVICE_UNKNOWN);
        }
    }

    /** Tells those that watch of a change. To be called every second. */
    public void look() {
        if (!watchers.isEmpty()) {
            ServingStatus status = status();
            watchers.forEach(watcher -> watcher.tell(status));
        }
    }

    private static boolean isKnown(HealthCheckRequest request) {
        String service = request.getService();
        return service.isEmpty() || service.equals(KVGrpc.SERVICE_NAME);
    }

    private ServingStatus status() {
        ReplicaStatus replica = store.replica().status();
        boolean serving = replica.role() != Role.HALTED && replica.leader() != null;
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
