package io.loggos.examples.server.call;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
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

    private static final Context.Key<Boolean> REQUIRED = Context.key("hasleader");

    private final KeyValueStore store;

    public LeaderRequired(KeyValueStore store) {
        this.store = store;
    }

    /** True if the stream that is just beginning is to end when there is no leader any more. */
    public static boolean isRequired() {
        return Boolean.TRUE.equals(REQUIRED.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean required = "true".equals(headers.get(HAS_LEADER));
        if (required && store.replica().status().leader() == null) {
            call.close(EtcdErrors.NO_LEADER, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (required && call.getMethodDescriptor().getType() != MethodDescriptor.MethodType.UNARY) {
            return Contexts.interceptCall(Context.current().withValue(REQUIRED, true), call, headers, next);
        }
        return next.startCall(call, headers);
    }
}
