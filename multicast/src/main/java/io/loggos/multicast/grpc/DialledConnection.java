package io.loggos.multicast.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Evidence;
import io.loggos.multicast.grpc.guard.Causes;
import java.util.List;

/**
 * The dialler's end of a connection. It has a gRPC channel of its own, so that a channel's backoff never delays the
 * link.
 */
final class DialledConnection extends GrpcConnection {
    private final GrpcTransport transport;
    private final NodeId peer;
    private final ManagedChannel channel;
    private final ClientCall<List<Bytes>, List<Bytes>> call;

    DialledConnection(GrpcTransport transport, NodeId peer, ManagedChannel channel) {
        super(transport);
        this.transport = transport;
        this.peer = peer;
        this.channel = channel;
        this.call = channel.newCall(GrpcMethods.CONNECT, CallOptions.DEFAULT);
    }

    /** Dials; the transport is told the outcome. */
    void dial() {
        call.start(new Events(), new Metadata());
        call.request(1);
    }

    /** Gives up a call that is not answered. */
    void abandon() {
        channel.shutdownNow();
    }

    @Override
    public Evidence evidence(NodeId node) {
        // A handshake that went through has shown the certificate of the node that was dialled.
        return transport.usesTls() ? (node.equals(peer) ? Evidence.FOR : Evidence.AGAINST) : Evidence.NONE;
    }

    @Override
    public String otherEnd() {
        return transport.addressOf(peer);
    }

    @Override
    void write(List<Bytes> message) {
        call.sendMessage(message);
    }

    @Override
    void finish() {
        call.halfClose();
        channel.shutdown();
        transport.afterGrace(channel::shutdownNow);
    }

    private final class Events extends ClientCall.Listener<List<Bytes>> {
        /** True if the connection was reported; used on gRPC's thread of this call only. */
        private boolean open;

        @Override
        public void onHeaders(Metadata headers) {
            open = transport.connected(peer, DialledConnection.this);
        }

        @Override
        public void onMessage(List<Bytes> message) {
            if (open && received(message)) {
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            channel.shutdownNow();
            if (open) {
                end(status.isOk() ? "the acceptor has ended the connection" : reason(status));
            } else {
                transport.connectFailed(
                        peer, DialledConnection.this, transport.addressOf(peer) + ": " + reason(status));
            }
        }
    }

    static String reason(Status status) {
        Throwable cause = status.getCause();
        String description = status.getDescription();
        String text = description == null
                ? status.getCode().name()
                : description.lines().findFirst().orElse("");
        return cause == null ? text : text + ": " + Causes.innermost(cause);
    }
}
