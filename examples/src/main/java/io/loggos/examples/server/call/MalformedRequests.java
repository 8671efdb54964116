package io.loggos.examples.server.call;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a malformed protocol buffer with INVALID_ARGUMENT. gRPC alone would answer UNKNOWN and log a stack trace for
 * each. For that purpose this class decodes requests itself, and leaves answers alone.
 * {@code ServerInterceptors.useInputStreamMessages} would turn answers into streams too, with two buffers of 8 KiB for
 * each.
 */
public final class MalformedRequests {
    private static final Logger LOG = LoggerFactory.getLogger(MalformedRequests.class);
    static final MethodDescriptor.Marshaller<InputStream> AS_IT_CAME = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    };

    private final AtomicLong count = new AtomicLong();
    private final Occasionally occasionally = new Occasionally();

    /** Returns the number of malformed requests. */
    public long count() {
        return count.get();
    }

    /** Wraps a service so that it receives only requests that could be decoded. */
    public ServerServiceDefinition keptFrom(ServerServiceDefinition service) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        service.getMethods().forEach(method -> methods.add(keptFrom(method)));
        ServiceDescriptor original = service.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(original.getName()).setSchemaDescriptor(original.getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder built = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(built::addMethod);
        return built.build();
    }

    private <Q, A> ServerMethodDefinition<InputStream, A> keptFrom(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                descriptor.toBuilder(AS_IT_CAME, descriptor.getResponseMarshaller())
                        .build(),
                (call, headers) -> new Decoder<>(
                        call, descriptor, method.getServerCallHandler().startCall(decoded(call, descriptor), headers)));
    }

    /** Returns the call with the decoded type of request. */
    @SuppressWarnings("unchecked") // The type of its requests is only in the descriptor, which is replaced.
    private static <Q, A> ServerCall<Q, A> decoded(ServerCall<InputStream, A> call, MethodDescriptor<Q, A> method) {
        return new SimpleForwardingServerCall<>((ServerCall<Q, A>) (ServerCall<?, A>) call) {
            @Override
            public MethodDescriptor<Q, A> getMethodDescriptor() {
                return method;
            }
        };
    }

    /** Receives requests as bytes and passes them on decoded. */
    private final class Decoder<Q> extends ServerCall.Listener<InputStream> {
        private final ServerCall<?, ?> call;
        private final MethodDescriptor<Q, ?> method;
        private final ServerCall.Listener<Q> listener;
        private boolean refused;

        Decoder(ServerCall<?, ?> call, MethodDescriptor<Q, ?> method, ServerCall.Listener<Q> listener) {
            this.call = call;
            this.method = method;
            this.listener = listener;
        }

        @Override
        public void onMessage(InputStream message) {
            if (refused) {
                return;
            }
            Q request;
            try {
                request = method.parseRequest(message);
            } catch (StatusRuntimeException malformed) {
                refused = true;
                refuse(call, malformed);
                return;
            }
            listener.onMessage(request);
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                listener.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            listener.onCancel();
        }

        @Override
        public void onComplete() {
            listener.onComplete();
        }

        @Override
        public void onReady() {
            listener.onReady();
        }
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
