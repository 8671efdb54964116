package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.loggos.api.Address;
import io.loggos.examples.admin.proto.CreateSnapshotRequest;
import io.loggos.examples.admin.proto.DeleteSnapshotReply;
import io.loggos.examples.admin.proto.ListSnapshotsRequest;
import io.loggos.examples.admin.proto.SnapshotRequest;
import io.loggos.examples.admin.proto.SnapshotsGrpc;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.server.admin.AdminAccess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Strangers at the port for clients of a real process. */
class ClientPortEndToEndTest {
    private static final String SECRET = "a secret of the operators, and of nobody else";
    private static final int DESCRIPTORS = 150;
    private static final int IDLE_SOCKETS = 200;

    @TempDir
    Path directory;

    private final List<Integer> ports = TestCluster.freePorts(2);
    private final Address peers = new Address("127.0.0.1", ports.get(0));
    private final Address clients = new Address("127.0.0.1", ports.get(1));

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of("server", "--id=1", "--data=" + directory.resolve("data")));
        arguments.addAll(List.of("--listen-peer=" + peers, "--listen-client=" + clients));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private ManagedChannel connect() {
        return NettyChannelBuilder.forTarget("dns:///" + clients).usePlaintext().build();
    }

    private static void put(ManagedChannel channel) {
        KVGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .build());
    }

    private static void denied(Executable call) {
        Status.Code code =
                assertThrows(StatusRuntimeException.class, call).getStatus().getCode();
        assertTrue(code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNAUTHENTICATED, code::toString);
    }

    /** A snapshot with a retention of one deletes all others. */
    @Test
    void aClientWithoutTheSecretDeletesNoSnapshot() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        try (ServerProcess server =
                ServerProcess.start(directory, "server", arguments("--admin-secret-file=" + secret))) {
            server.awaitReady();
            ManagedChannel channel = connect();
            try {
                Metadata headers = new Metadata();
                headers.put(AdminAccess.AUTHORIZATION, "Bearer " + SECRET);
                SnapshotsGrpc.SnapshotsBlockingStub stranger = SnapshotsGrpc.newBlockingStub(channel);
                SnapshotsGrpc.SnapshotsBlockingStub operator =
                        stranger.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
                String first = operator.create(CreateSnapshotRequest.getDefaultInstance())
                        .getId();
                operator.create(CreateSnapshotRequest.getDefaultInstance());

                denied(() -> stranger.create(
                        CreateSnapshotRequest.newBuilder().setRetained(1).build()));
                denied(() -> {
                    DeleteSnapshotReply unused = stranger.delete(
                            SnapshotRequest.newBuilder().setId(first).build());
                });
                denied(() -> stranger.list(ListSnapshotsRequest.getDefaultInstance()));
                assertEquals(
                        2,
                        operator.list(ListSnapshotsRequest.getDefaultInstance()).getSnapshotsCount());
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void idleSocketsTakeNoDescriptorOfTheStore() throws Exception {
        try (ServerProcess server = ServerProcess.limited(directory, DESCRIPTORS, arguments())) {
            server.awaitReady();
            ManagedChannel channel = connect();
            List<Socket> idle = new ArrayList<>();
            try {
                put(channel);
                for (int i = 0; i < IDLE_SOCKETS; i++) {
                    idle.add(open(i % 2 == 0 ? clients : peers));
                }
                for (int i = 0; i < 50; i++) {
                    put(channel);
                }
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
            ManagedChannel later = connect();
            put(later);
            later.shutdownNow();
            channel.shutdownNow();
            assertTrue(server.isAlive(), server.errors());
        }
    }

    private static Socket open(Address address) throws IOException {
        return new Socket(address.host(), address.port());
    }
}
