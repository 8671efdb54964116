package io.loggos.examples.server;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a request that is not the protocol buffer it should be with INVALID_ARGUMENT. It must stand around
 * a service whose messages are decoded inside of it ({@code ServerInterceptors.useInputStreamMessages}); left
 * alone, gRPC would answer UNKNOWN and log a stack trace for each.
 */
final class MalformedRequests implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(MalformedRequests.class);

    private final AtomicLong count = new AtomicLong();
    private final Occasionally occasionally = new Occasionally();

    /** How many there were. */
    long count() {
        return count.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                if (refused) {
                    return;
                }
                try {
                    super.onMessage(message);
                } catch (StatusRuntimeException malformed) {
                    refused = true;
                    refuse(call, malformed);
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }

    private void refuse(ServerCall<?, ?> call, StatusRuntimeException malformed) {
        long soFar = count.incrementAndGet();
        String method = call.getMethodDescriptor().getFullMethodName();
        occasionally.run(
                () -> LOG.warn("refused a malformed request to {}, {} so far: {}", method, soFar, reason(malformed)));
        call.close(Status.INVALID_ARGUMENT.withDescription("loggos: malformed request to " + method), new Metadata());
    }

    private static String reason(StatusRuntimeException malformed) {
        Throwable cause = malformed.getCause();
        return String.valueOf(cause == null ? malformed.getMessage() : cause.getMessage());
    }
}
