package io.loggos.benchmarks.commands.server;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.etcd.proto.RangeResponse;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.examples.etcd.proto.StatusResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Client of one member, over a few connections that take turns. It speaks the etcd protocol through plain gRPC stubs. A
 * richer client costs more for each call than either server, and would measure itself. For one thread.
 */
final class EtcdClient implements AutoCloseable {
    private static final long ANSWER_SECONDS = 10;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private int next;

    /** Creates a client of the member that listens there. */
    EtcdClient(String endpoint, int connections) {
        URI address = URI.create("etcd://" + endpoint);
        for (int i = 0; i < connections; i++) {
            channels.add(NettyChannelBuilder.forAddress(address.getHost(), address.getPort())
                    .usePlaintext()
                    .disableRetry()
                    .directExecutor()
                    .build());
        }
    }

    /** Puts a value; the operation completes when the member has answered. */
    void put(ByteString key, ByteString value, Operation operation) {
        PutRequest request = PutRequest.newBuilder().setKey(key).setValue(value).build();
        call(KVGrpc.getPutMethod(), request, operation);
    }

    /** Reads a key linearizably; the operation completes when the member has answered. */
    void get(ByteString key, Operation operation) {
        call(KVGrpc.getRangeMethod(), RangeRequest.newBuilder().setKey(key).build(), operation);
    }

    /** Returns the data that the member itself holds, without asking the others. */
    RangeResponse ownCopy(RangeRequest.Builder range) {
        return KVGrpc.newBlockingStub(channels.get(0))
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .withMaxInboundMessageSize(Integer.MAX_VALUE)
                .range(range.setSerializable(true).build());
    }

    /** Returns the status of the member; null if it does not answer. */
    @Nullable
    StatusResponse status() {
        try {
            return MaintenanceGrpc.newBlockingStub(channels.get(0))
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance());
        } catch (StatusRuntimeException notYet) {
            return null;
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private <Q, A> void call(MethodDescriptor<Q, A> method, Q request, Operation operation) {
        ManagedChannel channel = channels.get(next);
        next = next + 1 == channels.size() ? 0 : next + 1;
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new Answer<>(operation), new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    /** Completes the operation when the call has ended. */
    private static final class Answer<A> extends ClientCall.Listener<A> {
        private final Operation operation;

        Answer(Operation operation) {
            this.operation = operation;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            operation.complete(status.isOk() ? null : status.asRuntimeException());
        }
    }
}
