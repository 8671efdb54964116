package io.loggos.examples.cli;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.api.Address;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks one server what it is doing. */
final class StatusClient implements AutoCloseable {
    /**
     * What one server said, or why it said nothing.
     *
     * @param unreachable why there is no reply; null if there is one
     */
    record Answer(
            Address endpoint,
            @Nullable NodeStatusReply reply,
            @Nullable String unreachable) {}

    private final Address endpoint;
    private final ManagedChannel channel;

    StatusClient(Address endpoint) {
        this.endpoint = endpoint;
        this.channel = connect(endpoint);
    }

    /** A channel to a server. */
    static ManagedChannel connect(Address endpoint) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(endpoint.host(), endpoint.port()))
                .usePlaintext()
                .build();
    }

    /** Asks, and waits for at most so long. */
    Answer ask(long timeoutMillis) {
        try {
            NodeStatusReply reply = AdminGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .nodeStatus(NodeStatusRequest.getDefaultInstance());
            return new Answer(endpoint, reply, null);
        } catch (StatusRuntimeException e) {
            return new Answer(endpoint, null, reason(e));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** What to tell a person of a call that failed. */
    static String reason(StatusRuntimeException failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        boolean bare = innermost == failure;
        String text = bare ? failure.getStatus().getDescription() : innermost.getMessage();
        return switch (failure.getStatus().getCode()) {
            case DEADLINE_EXCEEDED -> "no answer in time";
            case UNIMPLEMENTED -> "not a Loggos server";
            default -> text == null ? failure.getStatus().getCode().name() : text.replace('\n', ' ');
        };
    }
}
