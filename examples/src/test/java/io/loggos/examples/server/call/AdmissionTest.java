package io.loggos.examples.server.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.PutResponse;
import org.junit.jupiter.api.Test;

/** Checks that calls are counted at their start and at their end. */
class AdmissionTest {
    private final Admission admission = new Admission(2);

    @Test
    void oneTooManyIsRefusedUntilOneEnds() {
        Call first = new Call();
        Call second = new Call();
        Call third = new Call();
        ServerCall.Listener<PutRequest> firstListener = begin(first);
        ServerCall.Listener<PutRequest> secondListener = begin(second);
        begin(third).onCancel();
        assertNull(first.closed);
        assertNull(second.closed);
        assertNotNull(third.closed);
        assertEquals("etcdserver: too many requests", third.closed.getDescription());

        firstListener.onComplete();
        secondListener.onCancel();

        for (int i = 0; i < 2; i++) {
            Call call = new Call();
            begin(call);
            assertNull(call.closed);
        }
        Call last = new Call();
        begin(last);
        assertNotNull(last.closed);
    }

    private ServerCall.Listener<PutRequest> begin(Call call) {
        return admission.interceptCall(call, new Metadata(), (c, headers) -> new ServerCall.Listener<>() {});
    }

    private static final class Call extends ServerCall<PutRequest, PutResponse> {
        private Status closed;

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(PutResponse message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            closed = status;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<PutRequest, PutResponse> getMethodDescriptor() {
            return KVGrpc.getPutMethod();
        }
    }
}
