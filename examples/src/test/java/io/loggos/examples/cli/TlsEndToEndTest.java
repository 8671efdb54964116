package io.loggos.examples.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.MetadataUtils;
import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.examples.admin.proto.AdminGrpc;
import io.loggos.examples.admin.proto.NodeStatusRequest;
import io.loggos.examples.cli.etcdctl.Etcdctl;
import io.loggos.examples.cli.options.ServerSettings;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.server.LoggosServer;
import io.loggos.examples.server.ServerOptions;
import io.loggos.examples.server.admin.AdminAccess;
import io.loggos.multicast.grpc.guard.CertificateFiles;
import io.loggos.multicast.grpc.guard.TlsContexts;
import io.loggos.testkit.network.FreePorts;
import io.loggos.testkit.tls.Authority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers with certificates between them and for their clients, in this JVM, and etcdctl in front of them. */
class TlsEndToEndTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Authority authority;
    private static final List<LoggosServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        authority = Authority.in(directory.resolve("pki"), "ca")
                .issue("client", "app.example.org")
                .issue("operator", "operator.example.org");
        Files.writeString(directory.resolve("admin-secret"), "an operator's secret\n");
        List<Integer> ports = FreePorts.draw(3);
        for (int id = 1; id <= 3; id++) {
            authority.issue("node-" + id, "node-" + id + ".test", "localhost");
        }
        for (int id = 1; id <= 3; id++) {
            SERVERS.add(LoggosServer.open(options(id, ports)));
        }
        try (Client client = new Client("client")) {
            await().atMost(DEADLINE).ignoreExceptions().until(() -> client.put("first", "1"));
        }
    }

    private static ServerOptions options(int id, List<Integer> ports) {
        ServerSettings settings = new ServerSettings();
        settings.flag("id", Integer.toString(id));
        settings.flag("data", directory.resolve("data-" + id).toString());
        settings.flag("listen-peer", "127.0.0.1:" + ports.get(id - 1));
        settings.flag("listen-client", "127.0.0.1:0");
        List<String> peers = new ArrayList<>();
        for (int other = 1; other <= 3; other++) {
            if (other != id) {
                peers.add(other + "=127.0.0.1:" + ports.get(other - 1));
            }
        }
        settings.nodeFlags("peer", peers);
        for (String prefix : List.of("", "peer-")) {
            settings.flag(
                    prefix + "cert-file",
                    authority.certificateFile("node-" + id).toString());
            settings.flag(prefix + "key-file", authority.keyFile("node-" + id).toString());
            settings.flag(
                    prefix + "trusted-ca-file", authority.certificateFile().toString());
        }
        settings.flag("listen-metrics-urls", "https://127.0.0.1:0");
        settings.flag("client-cert-auth", "true");
        settings.flag("admin-cert-name", "operator.example.org");
        settings.flag("admin-secret-file", directory.resolve("admin-secret").toString());
        return settings.toOptions();
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(LoggosServer::close);
    }

    @Test
    void etcdctlWithACertificateIsServedAndOthersAreNot() throws Exception {
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
        List<String> certificate = List.of(
                "--cacert=" + authority.certificateFile(),
                "--cert=" + authority.certificateFile("client"),
                "--key=" + authority.keyFile("client"));
        assertEquals(
                "OK", etcdctl("https", certificate, "put", "greeting", "hello").get(0));
        assertEquals(List.of("greeting", "hello"), etcdctl("https", certificate, "get", "greeting"));
        assertTrue(etcdctl("https", certificate.subList(0, 1), "get", "greeting").stream()
                .noneMatch("hello"::equals));
        assertTrue(etcdctl("http", List.of(), "get", "greeting").stream().noneMatch("hello"::equals));
    }

    @Test
    void whoShowsNoCertificateOrAnothersIsRefused() throws IOException {
        Authority other = Authority.in(directory.resolve("other"), "ca").issue("client", "app.example.org");
        NettyChannelBuilder bare = NettyChannelBuilder.forAddress("127.0.0.1", client().port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(authority.certificateFile().toFile())
                        .build());
        refused(bare);
        NettyChannelBuilder foreign = NettyChannelBuilder.forAddress("127.0.0.1", client().port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(authority.certificateFile().toFile())
                        .keyManager(
                                other.certificateFile("client").toFile(),
                                other.keyFile("client").toFile())
                        .build());
        refused(foreign);
        StatusRuntimeException plain = refused(
                NettyChannelBuilder.forAddress("127.0.0.1", client().port()).usePlaintext());
        assertTrue(String.valueOf(plain.getStatus().getDescription()).contains("TLS is required"), plain::toString);
    }

    private static StatusRuntimeException refused(NettyChannelBuilder builder) {
        ManagedChannel channel = builder.build();
        try {
            return assertThrows(
                    StatusRuntimeException.class,
                    () -> KVGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .range(RangeRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("first"))
                                    .build()));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void statusIsForOperators() {
        String[] status = {
            "status",
            "--endpoints",
            client().toString(),
            "--cacert",
            authority.certificateFile().toString()
        };
        assertEquals(0, Loggos.run(with(status, "operator")));
        assertEquals(1, Loggos.run(with(status, "client")));
        try (Client client = new Client("client")) {
            AdminGrpc.AdminBlockingStub stub = AdminGrpc.newBlockingStub(client.channel);
            StatusRuntimeException e = assertThrows(
                    StatusRuntimeException.class, () -> stub.nodeStatus(NodeStatusRequest.getDefaultInstance()));
            assertEquals(Status.Code.PERMISSION_DENIED, e.getStatus().getCode());
            Metadata headers = new Metadata();
            headers.put(AdminAccess.AUTHORIZATION, "Bearer an operator's secret");
            assertEquals(
                    3,
                    stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .nodeStatus(NodeStatusRequest.getDefaultInstance())
                            .getConnectedCount());
        }
    }

    @Test
    void healthIsForThoseWithACertificate() throws Exception {
        int port = SERVERS.get(0).listeningForMonitors().get(0).address().port();
        URI uri = URI.create("https://localhost:" + port + "/health");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(DEADLINE).build();

        HttpResponse<String> response = http("client").send(request, BodyHandlers.ofString());
        assertEquals("{\"health\":\"true\",\"reason\":\"\"}", response.body());

        assertThrows(IOException.class, () -> http(null).send(request, BodyHandlers.ofString()));
        HttpRequest plain = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/health"))
                .timeout(DEADLINE)
                .build();
        assertThrows(IOException.class, () -> http("client").send(plain, BodyHandlers.ofString()));
    }

    @Test
    void jsonIsServedOnThePortOfGrpcToThoseWithACertificate() throws Exception {
        HttpRequest put = HttpRequest.newBuilder(URI.create("https://localhost:" + client().port() + "/v3/kv/put"))
                .POST(BodyPublishers.ofString("{\"key\":\"anNvbg==\",\"value\":\"MQ==\"}"))
                .build();
        HttpResponse<String> answer = http("client").send(put, BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
        assertTrue(answer.body().contains("\"revision\""), answer::body);
        assertThrows(IOException.class, () -> http(null).send(put, BodyHandlers.ofString()));
    }

    private static HttpClient http(@Nullable String certificate) {
        CertificateFiles files = CertificateFiles.open(
                certificate == null ? null : authority.certificateFile(certificate),
                certificate == null ? null : authority.keyFile(certificate),
                authority.certificateFile());
        return HttpClient.newBuilder().sslContext(TlsContexts.accepting(files)).build();
    }

    private static String[] with(String[] arguments, String certificate) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--cert",
                authority.certificateFile(certificate).toString(),
                "--key",
                authority.keyFile(certificate).toString()));
        return all.toArray(String[]::new);
    }

    /** All certificates are replaced while clients write, and half of the clients connect anew each time. */
    @Test
    void certificatesAreRenewedUnderLoadWithoutAFailedRequest() {
        try (Client steady = new Client("client")) {
            for (int round = 0; round < 3; round++) {
                for (int id = 1; id <= 3; id++) {
                    authority.issue("node-" + id, "node-" + id + ".test", "localhost");
                    for (int i = 0; i < 20; i++) {
                        assertTrue(steady.put("steady", "value " + round + " " + id + " " + i));
                    }
                    try (Client anew = new Client("client")) {
                        assertTrue(anew.put("anew", "value " + round + " " + id));
                    }
                }
                authority.issue("client", "app.example.org");
            }
        }
    }

    @Test
    void plaintextForClientsBeyondThisMachineIsRefused() {
        ServerSettings settings = new ServerSettings();
        settings.flag("id", "1");
        settings.flag("data", directory.resolve("never").toString());
        settings.flag("listen-client", "0.0.0.0:0");
        InvalidOptionsException e =
                assertThrows(InvalidOptionsException.class, () -> LoggosServer.open(settings.toOptions()));
        assertTrue(e.getMessage().contains("--trusted-network"), e.getMessage());
        assertTrue(Files.notExists(directory.resolve("never")));
        settings.flag("listen-client", "127.0.0.1:0");
        settings.flag("listen-peer", "0.0.0.0:0");
        InvalidOptionsException peers =
                assertThrows(InvalidOptionsException.class, () -> LoggosServer.open(settings.toOptions()));
        assertTrue(peers.getMessage().contains("certificates or a secret"), peers.getMessage());
        assertTrue(Files.notExists(directory.resolve("never")));
    }

    private static Address client() {
        return SERVERS.get(0).listeningForClients();
    }

    private static final class Client implements AutoCloseable {
        final ManagedChannel channel;

        Client(String certificate) {
            try {
                channel = NettyChannelBuilder.forAddress("127.0.0.1", client().port())
                        .sslContext(GrpcSslContexts.configure(SslContextBuilder.forClient()
                                        .trustManager(
                                                authority.certificateFile().toFile())
                                        .keyManager(
                                                authority
                                                        .certificateFile(certificate)
                                                        .toFile(),
                                                authority.keyFile(certificate).toFile()))
                                .build())
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean put(String key, String value) {
            KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8(key))
                            .setValue(ByteString.copyFromUtf8(value))
                            .build());
            return true;
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    private static List<String> etcdctl(String scheme, List<String> flags, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "etcdctl", "--command-timeout=5s", "--dial-timeout=3s", "--endpoints=" + scheme + "://" + client()));
        command.addAll(flags);
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "etcdctl", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "etcdctl does not end");
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }
}
