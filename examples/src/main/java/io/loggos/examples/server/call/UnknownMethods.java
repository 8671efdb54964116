package io.loggos.examples.server.call;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers calls of methods that do not exist with the texts of an etcd. */
public final class UnknownMethods extends HandlerRegistry {
    private final Set<String> services;

    /**
     * Creates the answers.
     *
     * @param services the names of the services that exist
     */
    public UnknownMethods(Set<String> services) {
        this.services = Set.copyOf(services);
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
        MethodDescriptor<InputStream, InputStream> descriptor = MethodDescriptor.<InputStream, InputStream>newBuilder()
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .setFullMethodName(method)
                .setRequestMarshaller(MalformedRequests.AS_IT_CAME)
                .setResponseMarshaller(MalformedRequests.AS_IT_CAME)
                .build();
        Status status = Status.UNIMPLEMENTED.withDescription(text(method));
        return ServerMethodDefinition.create(descriptor, (call, headers) -> {
            call.close(status, new Metadata());
            return new ServerCall.Listener<>() {};
        });
    }

    private String text(String method) {
        int slash = method.lastIndexOf('/');
        String service = slash < 0 ? method : method.substring(0, slash);
        return services.contains(service)
                ? "unknown method " + method.substring(slash + 1) + " for service " + service
                : "unknown service " + service;
    }
}
