package io.loggos.benchmarks.systems.servers.client;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Client of one member, over a few connections that take turns. It speaks the etcd protocol through plain gRPC stubs. A
 * richer client costs more for each call than either server, and would measure itself. For one thread.
 */
public final class EtcdClient implements AutoCloseable {
    private static final long ANSWER_SECONDS = 10;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private int next;

    /** Creates a client of the member that listens there, as host:port. */
    public EtcdClient(String endpoint, int connections) {
        URI address = URI.create("etcd://" + endpoint);
        for (int i = 0; i < connections; i++) {
            channels.add(NettyChannelBuilder.forAddress(address.getHost(), address.getPort())
                    .usePlaintext()
                    .disableRetry()
                    .directExecutor()
                    .maxInboundMessageSize(Integer.MAX_VALUE)
                    .build());
        }
    }

    /** Puts a value; the operation completes when the member has answered. */
    public void put(ByteString key, ByteString value, Operation operation) {
        PutRequest request = PutRequest.newBuilder().setKey(key).setValue(value).build();
        call(KVGrpc.getPutMethod(), request, operation);
    }

    /** Reads keys linearizably; the operation completes when the member has answered. */
    public void range(RangeRequest request, Operation operation) {
        call(KVGrpc.getRangeMethod(), request, operation);
    }

    /** Sends a request with one answer; the operation completes when the call has ended. */
    public <Q, A> void call(MethodDescriptor<Q, A> method, Q request, Operation operation) {
        ClientCall<Q, A> call = channel().newCall(method, CallOptions.DEFAULT);
        call.start(new Answer<>(operation), new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    /** Opens a call on the next connection, which the caller starts, feeds and ends. */
    public <Q, A> ClientCall<Q, A> open(MethodDescriptor<Q, A> method) {
        return channel().newCall(method, CallOptions.DEFAULT);
    }

    /** Sends a request with one answer, and returns the answer to come. */
    public <Q, A> Future<A> askLater(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.futureUnaryCall(open(method), request);
    }

    /** Sends a request with one answer, and returns the answer. */
    public <Q, A> A ask(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(channel(), method, CallOptions.DEFAULT, request);
    }

    /** Returns the data that the member itself holds, without asking the others. */
    RangeResponse ownCopy(RangeRequest.Builder range) {
        return KVGrpc.newBlockingStub(channels.get(0))
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
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

    private ManagedChannel channel() {
        ManagedChannel channel = channels.get(next);
        next = next + 1 == channels.size() ? 0 : next + 1;
        return channel;
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
