package io.loggos.examples.server;

import static io.loggos.examples.server.EtcdConversation.get;
import static io.loggos.examples.server.EtcdConversation.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.loggos.api.NodeClosedException;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadedException;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.api.replica.CommandTooLargeException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.PutResponse;
import io.loggos.examples.etcd.proto.RangeResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The errors that a client gets after a failure, and the effect of bytes that are not a request. */
class EtcdFailureTest {
    private static final long SEED = 7;

    private final LocalServer server = new LocalServer();
    private final KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(server.channel);

    @AfterEach
    void close() {
        server.close();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new OutcomeUnknownException("x"), "UNAVAILABLE", "etcdserver: request timed out"),
                Arguments.of(new UnavailableException("x"), "UNAVAILABLE", "etcdserver: request timed out"),
                Arguments.of(new OverloadedException("x"), "RESOURCE_EXHAUSTED", "etcdserver: too many requests"),
                Arguments.of(new CommandTooLargeException("x"), "INVALID_ARGUMENT", "etcdserver: request is too large"),
                Arguments.of(new NodeClosedException("x"), "UNAVAILABLE", "etcdserver: server stopped"),
                Arguments.of(
                        new ReplicaHaltedException("kv: disk full", null),
                        "UNAVAILABLE",
                        "loggos: this replica has halted: kv: disk full"),
                Arguments.of(
                        new CommandFailedException(Slot.of(3), "boom"),
                        "INTERNAL",
                        "loggos: io.loggos.api.replica.CommandFailedException: boom"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureOfTheStoreBecomesEtcdsError(RuntimeException failure, String code, String text) {
        server.replica.failure(failure);

        StatusRuntimeException onPut = assertThrows(
                StatusRuntimeException.class, () -> kv.put(put("a", "1").build()));
        StatusRuntimeException onGet = assertThrows(StatusRuntimeException.class, () -> kv.range(get("a").build()));

        assertEquals(code + ": " + text, describe(onPut));
        assertEquals(code + ": " + text, describe(onGet));
        server.replica.failure(null);
        assertEquals(2, kv.put(put("a", "1").build()).getHeader().getRevision());
    }

    @Test
    void clientThatGivesUpHarmsNobody() {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        server.replica.pause(pause);
        // On a slow machine a short deadline passes before the request is even sent.
        for (long millis = 50; server.replica.paused() == 0; millis *= 2) {
            KVGrpc.KVBlockingStub impatient = kv.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
            StatusRuntimeException e = assertThrows(
                    StatusRuntimeException.class,
                    () -> impatient.put(put("a", "1").build()));
            assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode());
        }

        server.replica.pause(null);
        pause.complete(null);

        assertEquals(1, kv.range(get("a").build()).getCount());
    }

    @Test
    void requestsDoNotWaitForEachOther() throws Exception {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        server.replica.pause(pause);
        KVGrpc.KVFutureStub later = KVGrpc.newFutureStub(server.channel);
        List<ListenableFuture<RangeResponse>> waiting = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waiting.add(later.range(get("a").build()));
        }
        server.replica.pause(null);

        // One thread of the server for each waiting call would be far too many.
        assertEquals(2, kv.put(put("b", "1").build()).getHeader().getRevision());
        pause.complete(null);
        for (ListenableFuture<RangeResponse> answer : waiting) {
            assertEquals(0, answer.get(10, TimeUnit.SECONDS).getCount());
        }
    }

    @Test
    void messageOverTheTransportsLimitIsRefused() {
        PutRequest huge = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("a"))
                .setValue(ByteString.copyFrom(new byte[4 << 20]))
                .build();

        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger grpc = Logger.getLogger("io.grpc");
        grpc.addHandler(handler);
        StatusRuntimeException e;
        try {
            e = assertThrows(StatusRuntimeException.class, () -> kv.put(huge));
        } finally {
            grpc.removeHandler(handler);
        }

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
        assertEquals(List.of(), logged, "gRPC logs a stack trace for each");
        assertEquals(0, kv.range(get("a").build()).getCount());
    }

    @Test
    void bytesThatAreNoRequestAreRefusedAndChangeNothing() throws Exception {
        Random random = new Random(SEED);
        long before = kv.range(get("a").build()).getHeader().getRevision();
        List<byte[]> malformed = new ArrayList<>(List.of(
                new byte[] {(byte) 0xFF},
                // a key that claims to have 2^31 - 1 bytes, and one of -1
                new byte[] {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07},
                new byte[] {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F},
                // field number 0, an end of a group that did not begin
                new byte[] {0x00, 0x01},
                new byte[] {0x0C}));
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(40)];
            random.nextBytes(bytes);
            bytes[bytes.length - 1] = (byte) 0x80;
            malformed.add(bytes);
        }

        long unreadable = 0;
        for (byte[] bytes : malformed) {
            StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> putRaw(server.channel, bytes));
            assertEquals(Status.Code.INVALID_ARGUMENT, e.getStatus().getCode(), e.toString());
            // Sometimes random bytes are a valid request, with unknown fields and without a key.
            unreadable += e.toString().contains("key is not provided") ? 0 : 1;
        }

        assertEquals(unreadable, server.front.malformedRequests());
        assertEquals(before, kv.range(get("a").build()).getHeader().getRevision());
    }

    @Test
    void transactionsNestedTooDeepAreRefused() throws Exception {
        assertEquals("INVALID_ARGUMENT", nested(30));
        assertEquals("INVALID_ARGUMENT", nested(5000));
        assertEquals("OK", nested(10));
    }

    @Test
    void unknownFieldsAreIgnored() throws Exception {
        PutRequest known = put("a", "1").build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        known.writeTo(bytes);
        CodedOutputStream more = CodedOutputStream.newInstance(bytes);
        more.writeString(4711, "from the future");
        more.flush();

        assertEquals(2, putRaw(server.channel, bytes.toByteArray()).getHeader().getRevision());
    }

    /**
     * Sends deeply nested transactions as bytes, because the protobuf library of a client would refuse to build them.
     */
    private String nested(int depth) throws IOException {
        byte[] inner = new byte[0];
        for (int i = 0; i < depth; i++) {
            inner = wrapped(2, wrapped(4, inner));
        }
        try {
            ClientCalls.blockingUnaryCall(server.channel, raw(KVGrpc.getTxnMethod()), CallOptions.DEFAULT, inner);
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode().name();
        }
    }

    private static byte[] wrapped(int field, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(field, content);
        out.flush();
        return bytes.toByteArray();
    }

    private static PutResponse putRaw(ManagedChannel channel, byte[] request) {
        return ClientCalls.blockingUnaryCall(channel, raw(KVGrpc.getPutMethod()), CallOptions.DEFAULT, request);
    }

    private static <Q, A> MethodDescriptor<byte[], A> raw(MethodDescriptor<Q, A> method) {
        return method.toBuilder(new RawBytes(), method.getResponseMarshaller()).build();
    }

    /** Sends bytes unchanged. */
    private static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String describe(StatusRuntimeException e) {
        return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
    }
}
