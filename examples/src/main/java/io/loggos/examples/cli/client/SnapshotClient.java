package io.loggos.examples.cli.client;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.loggos.api.Address;
import io.loggos.examples.admin.proto.SnapshotsGrpc;
import io.loggos.examples.admin.proto.SnapshotsGrpc.SnapshotsBlockingStub;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.Connector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks the members of a cluster about snapshots, one after the other until one answers. */
public final class SnapshotClient {
    private final List<Address> endpoints;
    private final Connector connector;

    public SnapshotClient(List<Address> endpoints, Connector connector) {
        this.endpoints = endpoints;
        this.connector = connector;
    }

    /**
     * Asks, and waits at most this long for each member. A refusal is an answer. Only unreachable members are skipped.
     */
    public <T> T ask(long timeoutSeconds, Function<SnapshotsBlockingStub, T> question) {
        List<String> unreachable = new ArrayList<>();
        for (Address endpoint : endpoints) {
            ManagedChannel channel = connector.connect(endpoint);
            try {
                return question.apply(SnapshotsGrpc.newBlockingStub(channel)
                        .withMaxInboundMessageSize(64 << 20)
                        .withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw new CommandFailure(endpoint + ": " + StatusClient.reason(e), e);
                }
                unreachable.add(endpoint + ": " + StatusClient.reason(e));
            } finally {
                channel.shutdownNow();
            }
        }
        throw new CommandFailure("no member can be reached: " + String.join("; ", unreachable));
    }
}
