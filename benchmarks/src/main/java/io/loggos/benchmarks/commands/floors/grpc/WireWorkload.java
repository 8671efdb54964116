package io.loggos.benchmarks.commands.floors.grpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Loop;
import io.loggos.benchmarks.harness.workload.LoopWorkload;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Payloads over gRPC on TCP and the loopback address: unary calls, or messages on one stream. */
public final class WireWorkload implements LoopWorkload {
    private final Server server;
    private final ManagedChannel channel;
    private final ClosedLoop loop;

    private WireWorkload(int inFlight, int payloadBytes, boolean streaming, Measurement measurement)
            throws IOException {
        // A quarter of the messages in flight, so that acknowledgements come while there are still messages to send.
        int acknowledgeEvery = Math.max(1, inFlight / 4);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NettyServerBuilder.forAddress(any)
                .directExecutor()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .addService(PayloadService.definition(acknowledgeEvery))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(any.getAddress(), server.getPort()))
                .usePlaintext()
                .directExecutor()
                .build();
        byte[][] payloads = payloads(payloadBytes);
        loop = new ClosedLoop(
                inFlight,
                streaming ? new StreamWork(channel, payloads, inFlight) : new RoundTripWork(channel, payloads),
                measurement);
    }

    /** Returns a workload with one call for each payload, which is answered with nothing. */
    public static WireWorkload roundTrips(int inFlight, int payloadBytes, Measurement measurement) throws IOException {
        return new WireWorkload(inFlight, payloadBytes, false, measurement);
    }

    /**
     * Returns a workload with one message for each payload on one stream. One acknowledgement covers a quarter of the
     * messages in flight.
     */
    public static WireWorkload stream(int inFlight, int payloadBytes, Measurement measurement) throws IOException {
        return new WireWorkload(inFlight, payloadBytes, true, measurement);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public @Nullable Boolean verify() {
        return null;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            channel.awaitTermination(10, TimeUnit.SECONDS);
            server.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[][] payloads(int payloadBytes) {
        Commands commands = new Commands(payloadBytes);
        byte[][] payloads = new byte[16][];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = commands.next();
        }
        return payloads;
    }

    private static final class RoundTripWork implements Work {
        private final ManagedChannel channel;
        private final byte[][] payloads;
        private int next;

        RoundTripWork(ManagedChannel channel, byte[][] payloads) {
            this.channel = channel;
            this.payloads = payloads;
        }

        @Override
        public void start(Operation operation) {
            byte[] payload = payloads[next++ & (payloads.length - 1)];
            ClientCalls.asyncUnaryCall(
                    channel.newCall(PayloadService.ROUND_TRIP, CallOptions.DEFAULT), payload, new Answer(operation));
        }
    }

    private record Answer(Operation operation) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] answer) {}

        @Override
        public void onError(Throwable failure) {
            operation.complete(failure);
        }

        @Override
        public void onCompleted() {
            operation.complete(null);
        }
    }
}
