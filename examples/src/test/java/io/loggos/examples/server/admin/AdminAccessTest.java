package io.loggos.examples.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.loggos.api.Bytes;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Addresses and secrets that permit status and snapshots. Certificates are in {@code TlsEndToEndTest}. */
class AdminAccessTest {
    private static final Bytes SECRET = Bytes.utf8("an operator's secret");

    @Test
    void withoutAnyRuleThisMachineMayAsk() {
        AdminAccess access = new AdminAccess(Set.of(), null);
        assertEquals(Status.Code.OK, ask(access, "127.0.0.1", null));
        assertEquals(Status.Code.OK, ask(access, "::1", null));
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "10.0.0.1", null));
    }

    @Test
    void aSecretIsAskedOfThisMachineTooAndNotTakenInPlaintextFromAnother() {
        AdminAccess access = new AdminAccess(Set.of(), SECRET);
        assertEquals(Status.Code.OK, ask(access, "127.0.0.1", "Bearer an operator's secret"));
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "127.0.0.1", null));
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "127.0.0.1", "Bearer an operator's secre"));
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "127.0.0.1", "an operator's secret"));
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "10.0.0.1", "Bearer an operator's secret"));
    }

    @Test
    void aNameIsAskedForIfThereIsOne() {
        AdminAccess access = new AdminAccess(Set.of("operator"), null);
        assertEquals(Status.Code.PERMISSION_DENIED, ask(access, "127.0.0.1", null));
    }

    private static Status.Code ask(AdminAccess access, String address, @Nullable String authorization) {
        Metadata headers = new Metadata();
        if (authorization != null) {
            headers.put(AdminAccess.AUTHORIZATION, authorization);
        }
        Call call = new Call(new InetSocketAddress(address, 1));
        ServerCall.Listener<NodeStatusRequest> unused = access.interceptCall(call, headers, (passed, with) -> {
            passed.close(Status.OK, new Metadata());
            return new Nothing();
        });
        return call.closed;
    }

    private static final class Call extends ServerCall<NodeStatusRequest, NodeStatusReply> {
        private final InetSocketAddress from;
        Status.Code closed = Status.Code.UNKNOWN;

        Call(InetSocketAddress from) {
            this.from = from;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, from)
                    .build();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = status.getCode();
        }

        @Override
        public MethodDescriptor<NodeStatusRequest, NodeStatusReply> getMethodDescriptor() {
            return AdminGrpc.getNodeStatusMethod();
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(NodeStatusReply message) {}

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private static final class Nothing extends ServerCall.Listener<NodeStatusRequest> {}
}
