package io.loggos.examples.cli.client;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.loggos.api.Address;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.LogsGrpc;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import io.loggos.examples.admin.proto.SkipReply;
import io.loggos.examples.admin.proto.SkipRequest;
import io.loggos.examples.admin.proto.TransferLeadershipReply;
import io.loggos.examples.admin.proto.TransferLeadershipRequest;
import io.loggos.examples.cli.options.Connector;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks one server for its status, or to hand its leadership over. */
public final class StatusClient implements AutoCloseable {
    /**
     * The reply of one server, or the reason why there is none.
     *
     * @param unreachable the reason why there is no reply; null if there is one
     */
    public record Answer(
            Address endpoint,
            @Nullable NodeStatusReply reply,
            @Nullable String unreachable) {}

    private final Address endpoint;
    private final ManagedChannel channel;

    public StatusClient(Address endpoint, Connector connector) {
        this.endpoint = endpoint;
        this.channel = connector.connect(endpoint);
    }

    /** Asks, and waits at most this long. */
    public Answer ask(long timeoutMillis) {
        try {
            NodeStatusReply reply = AdminGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .nodeStatus(NodeStatusRequest.getDefaultInstance());
            return new Answer(endpoint, reply, null);
        } catch (StatusRuntimeException e) {
            return new Answer(endpoint, null, reason(e));
        }
    }

    /**
     * Asks the leader to hand over to a node, and waits at most this long. Returns the reason why it has not; null if it
     * has.
     */
    public @Nullable String transferLeadership(int target, long timeoutMillis) {
        try {
            TransferLeadershipReply unused = AdminGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setTarget(target)
                            .build());
            return null;
        } catch (StatusRuntimeException e) {
            return endpoint + ": " + reason(e);
        }
    }

    /**
     * Asks a member to let all skip a slot, and waits at most this long. Returns the reason why they do not; null if they
     * do.
     *
     * @param without the members that are lost for good
     */
    public @Nullable String skip(long slot, List<Integer> without, long timeoutMillis) {
        try {
            SkipReply unused = LogsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .skip(SkipRequest.newBuilder()
                            .setSlot(slot)
                            .addAllWithout(without)
                            .build());
            return null;
        } catch (StatusRuntimeException e) {
            return endpoint + ": " + reason(e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Returns the reason of a failed call as a text for people. */
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
