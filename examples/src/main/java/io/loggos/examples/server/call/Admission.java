package io.loggos.examples.server.call;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the number of calls in progress over all connections. A call beyond the bound is refused at once. */
public final class Admission implements ServerInterceptor {
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    public Admission(int most) {
        this.most = most;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (underWay.incrementAndGet() > most) {
            underWay.decrementAndGet();
            call.close(EtcdErrors.TOO_MANY_REQUESTS, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        // For each call that was started, gRPC calls exactly one of onComplete and onCancel, as the last one.
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onComplete() {
                underWay.decrementAndGet();
                super.onComplete();
            }

            @Override
            public void onCancel() {
                underWay.decrementAndGet();
                super.onCancel();
            }
        };
    }
}
