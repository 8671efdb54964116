package io.loggos.benchmarks.commands.floors.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import org.jspecify.annotations.Nullable;

/** Messages on one stream. Each stretch has a new stream, so that its end acknowledges the rest. */
final class StreamWork implements Work {
    private final Channel channel;
    private final byte[][] payloads;
    private final int inFlight;
    private @Nullable Sender sender;

    StreamWork(Channel channel, byte[][] payloads, int inFlight) {
        this.channel = channel;
        this.payloads = payloads;
        this.inFlight = inFlight;
    }

    @Override
    public void begin() {
        sender = new Sender(channel, inFlight);
    }

    @Override
    public void start(Operation operation) {
        open().send(operation, payloads);
    }

    @Override
    public void end() {
        open().complete();
    }

    private Sender open() {
        if (sender == null) {
            throw new IllegalStateException("no stream was begun");
        }
        return sender;
    }

    /**
     * One stream. The caller's thread sends, and gRPC's thread acknowledges. They share the ring without a lock. A
     * place is filled before its message leaves and read when it is acknowledged. It is filled again only after its
     * operation has come back through the queue.
     */
    private static final class Sender implements StreamObserver<byte[]> {
        private final Operation[] ring;
        private final StreamObserver<byte[]> messages;
        private long sent;
        private long acknowledged;

        Sender(Channel channel, int inFlight) {
            ring = new Operation[inFlight];
            messages = ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(PayloadService.STREAM, CallOptions.DEFAULT), this);
        }

        void send(Operation operation, byte[][] payloads) {
            ring[(int) (sent % ring.length)] = operation;
            byte[] payload = payloads[(int) (sent & (payloads.length - 1))];
            sent++;
            messages.onNext(payload);
        }

        void complete() {
            messages.onCompleted();
        }

        @Override
        public void onNext(byte[] acknowledgement) {
            long count = PayloadService.count(acknowledgement);
            while (acknowledged < count) {
                ring[(int) (acknowledged++ % ring.length)].complete(null);
            }
        }

        /**
         * Fails one operation. The rest is never acknowledged, so the loop runs into its deadline and the measurement
         * ends.
         */
        @Override
        public void onError(Throwable failure) {
            Operation oldest = ring[(int) (acknowledged % ring.length)];
            if (oldest != null) {
                oldest.complete(failure);
            }
        }

        @Override
        public void onCompleted() {}
    }
}
