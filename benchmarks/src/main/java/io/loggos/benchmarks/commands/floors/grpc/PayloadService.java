package io.loggos.benchmarks.commands.floors.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;

/** Server side: answers a call with nothing, and counts the messages of a stream. */
final class PayloadService {
    private static final String NAME = "loggos.benchmarks.Payloads";
    private static final byte[] NOTHING = {};

    static final MethodDescriptor<byte[], byte[]> ROUND_TRIP = method("RoundTrip", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> STREAM = method("Stream", MethodDescriptor.MethodType.BIDI_STREAMING);

    private PayloadService() {}

    /**
     * Returns the service.
     *
     * @param acknowledgeEvery number of messages of a stream that one acknowledgement covers
     */
    static ServerServiceDefinition definition(int acknowledgeEvery) {
        return ServerServiceDefinition.builder(NAME)
                .addMethod(ROUND_TRIP, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(NOTHING);
                    answers.onCompleted();
                }))
                .addMethod(
                        STREAM, ServerCalls.asyncBidiStreamingCall(answers -> new Counting(answers, acknowledgeEvery)))
                .build();
    }

    /** Returns the number of messages that have arrived, as an acknowledgement tells it. */
    static long count(byte[] acknowledgement) {
        return ByteBuffer.wrap(acknowledgement).getLong();
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        BytesMarshaller marshaller = new BytesMarshaller();
        return MethodDescriptor.newBuilder(marshaller, marshaller)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                .setType(type)
                .build();
    }

    private static final class Counting implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> answers;
        private final int acknowledgeEvery;
        private long received;
        private long acknowledged;

        Counting(StreamObserver<byte[]> answers, int acknowledgeEvery) {
            this.answers = answers;
            this.acknowledgeEvery = acknowledgeEvery;
        }

        @Override
        public void onNext(byte[] message) {
            received++;
            if (received - acknowledged == acknowledgeEvery) {
                acknowledge();
            }
        }

        @Override
        public void onError(Throwable failure) {
            // The client is gone, so there is no one to tell.
        }

        @Override
        public void onCompleted() {
            acknowledge();
            answers.onCompleted();
        }

        private void acknowledge() {
            acknowledged = received;
            answers.onNext(ByteBuffer.allocate(Long.BYTES).putLong(received).array());
        }
    }
}
