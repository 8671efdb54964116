package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.cli.client.LoadClient;
import io.loggos.examples.cli.client.WatchClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes with kill -9 while clients write. Acknowledged writes survive, and the other processes continue.
 */
class CrashEndToEndTest {
    private static final Duration NEXT_WRITE = Duration.ofSeconds(3);
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void leaderIsKilledUnderLoad() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll();
                LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/");
                WatchClient first = new WatchClient(TestCluster.NODES, cluster::channel, 1);
                WatchClient second = new WatchClient(TestCluster.NODES, cluster::channel, 2);
                LoadClient probe = new LoadClient(TestCluster.NODES, cluster::channel)) {
            awaitWrites(load, 200);
            probe.writeUntilAcknowledged("probe/before");
            int leader = cluster.awaitLeader();

            cluster.kill(leader);
            long killed = System.nanoTime();
            probe.writeUntilAcknowledged("probe/after");
            Duration took = Duration.ofNanos(System.nanoTime() - killed);

            assertTrue(took.compareTo(NEXT_WRITE) < 0, "the next write took " + took.toMillis() + " ms");
            awaitWrites(load, load.count() + 200);
            cluster.start(leader).awaitReady();
            awaitWrites(load, load.count() + 200);
            Set<String> acknowledged = load.stop();
            acknowledged.addAll(probe.stop());
            cluster.awaitCaughtUp(leader, CATCH_UP);
            assertHoldsOnAll(cluster, acknowledged);
            assertWasWatched(first, acknowledged);
            assertWasWatched(second, acknowledged);
        }
    }

    @Test
    void followerComesBackBehindTheTruncatedLogWhileWritesGoOn() throws Exception {
        String[] options = {"--snapshot-count=50", "--retained-slots=10"};
        try (TestCluster cluster = new TestCluster(directory, options).startAll();
                LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/")) {
            awaitWrites(load, 100);
            int leader = cluster.awaitLeader();
            int follower = leader % TestCluster.NODES + 1;
            long known = status(cluster, follower).getChosenSlot();
            cluster.kill(follower);
            Awaitility.await("the log is truncated past the follower")
                    .atMost(CATCH_UP)
                    .until(() -> status(cluster, cluster.awaitLeader()).getFirstSlot() > known + 100);

            cluster.start(follower).awaitReady();
            // A watch at the follower sees the checkpoint come that replaces its state.
            try (WatchClient watch = new WatchClient(TestCluster.NODES, cluster::channel, follower)) {
                cluster.awaitCaughtUp(follower, CATCH_UP);

                Set<String> acknowledged = load.stop();
                cluster.awaitCaughtUp(follower, CATCH_UP);
                assertHoldsOnAll(cluster, acknowledged);
                assertWasWatched(watch, acknowledged);
            }
        }
    }

    @Test
    void allAreKilled() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll()) {
            Set<String> acknowledged;
            try (LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/")) {
                awaitWrites(load, 500);
                for (int id = 1; id <= TestCluster.NODES; id++) {
                    cluster.kill(id);
                }
                acknowledged = load.stop();
            }

            cluster.startAll();

            assertHoldsOnAll(cluster, acknowledged);
            try (LoadClient more = new LoadClient(TestCluster.NODES, cluster::channel)) {
                more.writeUntilAcknowledged("afterwards");
                assertEquals(1, more.count());
            }
        }
    }

    /** A supervisor can start it again: it ends by itself, and says why. The others go on. */
    @Test
    void aServerWhoseReplicaHaltsEnds() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll();
                LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/")) {
            int halting = cluster.awaitLeader();
            ServerProcess process = cluster.process(halting);
            Files.delete(cluster.data(halting).resolve("log").resolve("identity"));
            assertEquals(ServerCommand.HALTED, process.awaitExit());
            assertTrue(process.errors().contains("loggos: halted, so this server ends: "), process.errors());
            int acknowledged = load.count();
            awaitWrites(load, acknowledged + 100);
        }
    }

    /** A load balancer and a supervisor see it, and the others are well (OPERATIONS.md). */
    @Test
    void aServerThatStaysWhenHaltedIsNotHealthy() throws Exception {
        try (TestCluster cluster = new TestCluster(
                                directory, "--stay-when-halted", "--listen-metrics-urls=http://127.0.0.1:0")
                        .startAll();
                LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/")) {
            int halting = cluster.awaitLeader();
            ServerProcess halted = cluster.process(halting);
            assertEquals("200 {\"health\":\"true\",\"reason\":\"\"}", ask(halted, "/health"));
            Files.delete(cluster.data(halting).resolve("log").resolve("identity"));
            String unhealthy = "503 {\"health\":\"false\",\"reason\":\"HALTED\"}";
            Awaitility.await("an end of health")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ask(halted, "/health"), unhealthy::equals);
            assertEquals(unhealthy, ask(halted, "/health?serializable=true"));
            assertEquals("503 [-]HALTED\nreadyz check failed\n", ask(halted, "/readyz"));
            assertEquals("503 [-]HALTED\nlivez check failed\n", ask(halted, "/livez"));
            assertTrue(halted.isAlive());

            int acknowledged = load.count();
            awaitWrites(load, acknowledged + 100);
            ServerProcess other = cluster.process(halting % TestCluster.NODES + 1);
            assertEquals("200 {\"health\":\"true\",\"reason\":\"\"}", ask(other, "/health"));
            assertEquals("200 ok\n", ask(other, "/readyz"));
        }
    }

    /** Asks a server at its address for measurements, and returns the code and the text. */
    private static String ask(ServerProcess process, String path) throws IOException, InterruptedException {
        String output = process.output();
        String url =
                output.substring(output.indexOf("http://")).lines().findFirst().orElseThrow();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private static void awaitWrites(LoadClient load, int count) {
        Awaitility.await(count + " writes").atMost(Duration.ofSeconds(60)).until(() -> load.count() >= count);
    }

    private static void assertWasWatched(WatchClient watch, Set<String> acknowledged) {
        Awaitility.await("an event of each write").atMost(CATCH_UP).until(() -> watch.hasSeen(acknowledged));
        assertNull(watch.problem());
    }

    private static NodeStatusReply status(TestCluster cluster, int id) {
        NodeStatusReply reply = cluster.status(id);
        return reply == null ? NodeStatusReply.getDefaultInstance() : reply;
    }

    private static void assertHoldsOnAll(TestCluster cluster, Set<String> acknowledged) {
        for (int id = 1; id <= TestCluster.NODES; id++) {
            cluster.awaitCaughtUp(id, CATCH_UP);
            ManagedChannel channel = cluster.channel(id);
            try {
                assertHolds(LoadClient.readAll(channel, false), acknowledged, "node " + id);
                assertHolds(LoadClient.readAll(channel, true), acknowledged, "the copy of node " + id);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static void assertHolds(Map<String, String> held, Set<String> acknowledged, String where) {
        TreeSet<String> lost = new TreeSet<>(acknowledged);
        lost.removeAll(held.keySet());
        assertEquals(Set.of(), lost, where + " has lost what was acknowledged");
        acknowledged.forEach(key -> assertEquals("value of " + key, held.get(key), where));
    }
}
