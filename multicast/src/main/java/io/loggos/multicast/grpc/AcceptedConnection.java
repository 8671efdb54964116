package io.loggos.multicast.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Evidence;
import java.util.List;

/** The acceptor's end of a connection. */
final class AcceptedConnection extends GrpcConnection {
    private final ServerCall<List<Bytes>, List<Bytes>> call;
    private final OtherEnd otherEnd;
    /** True if the other end may send more than its first frame. */
    private volatile boolean admitted;

    private AcceptedConnection(GrpcTransport transport, ServerCall<List<Bytes>, List<Bytes>> call) {
        super(transport);
        this.call = call;
        this.otherEnd = transport.otherEnd(call.getAttributes());
    }

    /** Accepts a call; the headers tell the dialler that the connection is open. */
    static ServerCall.Listener<List<Bytes>> accept(GrpcTransport transport, ServerCall<List<Bytes>, List<Bytes>> call) {
        AcceptedConnection connection = new AcceptedConnection(transport, call);
        call.sendHeaders(new Metadata());
        if (!transport.accepted(connection)) {
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("too many connections"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        call.request(1);
        return connection.new Events();
    }

    @Override
    public Evidence evidence(NodeId node) {
        return otherEnd.evidence(node);
    }

    @Override
    public String otherEnd() {
        return otherEnd.toString();
    }

    @Override
    public void admit() {
        if (!admitted) {
            admitted = true;
            call.request(1);
        }
    }

    @Override
    void write(List<Bytes> message) {
        if (!call.isCancelled()) {
            call.sendMessage(message);
        }
    }

    @Override
    void finish() {
        if (!call.isCancelled()) {
            call.close(Status.OK, new Metadata());
        }
    }

    private final class Events extends ServerCall.Listener<List<Bytes>> {
        @Override
        public void onMessage(List<Bytes> message) {
            // The first frame asks for nothing more: to admit the connection does.
            boolean more = admitted;
            if (received(message) && more) {
                call.request(1);
            }
        }

        @Override
        public void onHalfClose() {
            end("the dialler has ended the connection");
        }

        @Override
        public void onCancel() {
            end("the connection broke");
        }
    }
}
