package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.examples.distribution.ExposedMetrics;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs {@code loggos cluster} and {@code loggos status} with real processes. */
class ClusterEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void clusterIsFoundAgainAndADeadNodeIsReported() throws Exception {
        List<Integer> ports = TestCluster.freePorts(3);
        String portList = ports.get(0) + "," + ports.get(1) + "," + ports.get(2);
        List<String> arguments = List.of("cluster", "--data=" + data(), "--client-ports=" + portList);
        try (ServerProcess cluster = start(arguments)) {
            cluster.awaitOutput("Ctrl-C stops the cluster.");
            assertTrue(cluster.output().contains("etcdctl --endpoints=127.0.0.1:" + ports.get(0)), cluster.output());
            awaitNoError(() -> put(ports.get(1)));
            List<ProcessHandle> children = cluster.children();
            assertEquals(3, children.size());
            children.forEach(child -> assertTrue(cluster.output().contains(": process " + child.pid() + ", log ")));
            awaitNoError(() -> statusShowsAll(ports, 0));
            String monitor = ClusterLayout.load(data()).node(1).metricsUrl().toString();
            assertTrue(cluster.output().contains(monitor + "/metrics"), cluster.output());
            awaitNoError(() -> assertEquals("ok\n", http(monitor + "/readyz")));
            awaitNoError(() -> assertEquals("{\"health\":\"true\",\"reason\":\"\"}", http(monitor + "/health")));
            ExposedMetrics.check(http(monitor + "/metrics"));

            cluster.terminate();
            assertTrue(cluster.output().contains("stopped"), cluster.output());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
        }

        // Without the ports: they are stored in the directory. A connection of this process has one of them.
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket outgoing = new Socket(server.getInetAddress(), server.getLocalPort());
                ServerProcess cluster = startWithPeerPort(2, outgoing.getLocalPort())) {
            cluster.awaitOutput("Ctrl-C stops the cluster.");
            assertTrue(cluster.output().contains("going on with the cluster"), cluster.output());
            String replaced = "port " + outgoing.getLocalPort() + " (peers of node 2) is in use";
            assertTrue(cluster.output().contains(replaced), cluster.output());
            awaitNoError(() -> assertEquals("1", get(ports.get(2))));

            List<ProcessHandle> children = cluster.children();
            children.get(0).destroyForcibly();
            cluster.awaitOutput("is not started again");
            awaitNoError(() -> assertEquals("1", getFromAny(ports)));
            assertEquals(
                    2,
                    cluster.children().stream().filter(ProcessHandle::isAlive).count());
            awaitNoError(() -> statusShowsAll(ports, 1));

            cluster.awaitOutput("To start it again: ");
            try (ServerProcess again = ServerProcess.start(directory, "again", commandIn(cluster.output()))) {
                cluster.awaitOutput(" is back");
                again.awaitReady();
                again.kill();
                cluster.awaitOutput(" is gone again");
            }

            cluster.kill();
            Awaitility.await("no node outlives a cluster that was killed")
                    .atMost(SOON)
                    .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    /** The command that starts a dead node again, as it is printed. */
    private static List<String> commandIn(String output) {
        String prefix = "To start it again: loggos ";
        String line = output.lines()
                .filter(each -> each.startsWith(prefix))
                .findFirst()
                .orElseThrow();
        return List.of(line.substring(prefix.length()).split(" ", -1));
    }

    @Test
    void portInUseStartsNothing() throws Exception {
        List<Integer> ports = TestCluster.freePorts(3);
        try (ServerSocket taken = new ServerSocket(ports.get(1), 1, InetAddress.getLoopbackAddress());
                ServerProcess cluster = start(List.of(
                        "cluster",
                        "--data=" + data(),
                        "--client-ports=" + ports.get(0) + "," + taken.getLocalPort() + "," + ports.get(2)))) {
            assertEquals(1, cluster.awaitExit());
            String errors = cluster.errors();
            String expected = "loggos: port " + taken.getLocalPort() + " (clients of node 2) is in use";
            assertTrue(errors.startsWith(expected), errors);
            assertTrue(errors.contains("nothing was started"), errors);
            assertTrue(errors.contains("loggos cluster --data " + data() + " --client-ports " + ports.get(0)), errors);
            assertFalse(Files.exists(data()));
        }
    }

    /** Starts the cluster after a node's port for peers has been changed to one that somebody else has. */
    private ServerProcess startWithPeerPort(int id, int port) throws Exception {
        ClusterLayout layout = ClusterLayout.load(data());
        List<ClusterLayout.Ports> nodes = new ArrayList<>(layout.nodes());
        nodes.set(
                id - 1,
                new ClusterLayout.Ports(
                        port, layout.node(id).client(), layout.node(id).metrics()));
        new ClusterLayout(layout.clusterId(), nodes).save(data());
        return start(List.of("cluster", "--data=" + data()));
    }

    private Path data() {
        return directory.resolve("cluster");
    }

    private ServerProcess start(List<String> arguments) throws Exception {
        return ServerProcess.start(directory, "cluster", arguments);
    }

    /** A slow machine elects again now and then, and a request of that moment fails. */
    private static void awaitNoError(ThrowingRunnable request) {
        Awaitility.await().atMost(SOON).untilAsserted(request);
    }

    private static void statusShowsAll(List<Integer> ports, int unreachable) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Loggos.commandLine().setOut(new PrintWriter(out));
        String endpoints = "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1) + ",127.0.0.1:" + ports.get(2);

        int exitCode = commandLine.execute("status", "--endpoints", endpoints);

        assertEquals(unreachable == 0 ? 0 : 1, exitCode, out.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), out.toString());
        assertEquals(
                unreachable,
                lines.stream().filter(line -> line.contains("unreachable")).count());
    }

    private static String http(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private static void put(int port) {
        ManagedChannel channel = channel(port);
        try {
            stub(channel)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("k"))
                            .setValue(ByteString.copyFromUtf8("1"))
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    private static String getFromAny(List<Integer> ports) {
        RuntimeException last = new IllegalArgumentException("no ports");
        for (int port : ports) {
            try {
                return get(port);
            } catch (RuntimeException e) {
                last = e;
            }
        }
        throw last;
    }

    private static String get(int port) {
        ManagedChannel channel = channel(port);
        try {
            return stub(channel)
                    .range(RangeRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("k"))
                            .build())
                    .getKvs(0)
                    .getValue()
                    .toStringUtf8();
        } finally {
            channel.shutdownNow();
        }
    }

    private static KVGrpc.KVBlockingStub stub(ManagedChannel channel) {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forTarget("dns:///127.0.0.1:" + port)
                .usePlaintext()
                .build();
    }
}
