package io.loggos.examples.server.call;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.loggos.api.kv.KeyValueStore;

/**
 * Supports etcd's {@code hasleader} metadata. A client that sends it wants an immediate error from a member that knows
 * no leader, instead of a wait.
 */
public final class LeaderRequired implements ServerInterceptor {
    public static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final KeyValueStore store;

    public LeaderRequired(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if ("true".equals(headers.get(HAS_LEADER)) && store.replica().status().leader() == null) {
            call.close(EtcdErrors.NO_LEADER, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
