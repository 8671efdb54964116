package io.loggos.examples.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.examples.server.Advertised;
import io.loggos.examples.server.ServerOptions;
import io.loggos.examples.server.StoreLimits;
import io.loggos.examples.server.compaction.CompactionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and flags become options, or all problems are reported at once. */
class ServerSettingsTest {
    @TempDir
    Path directory;

    private final ServerSettings settings = new ServerSettings();

    @Test
    void advertisedUrlsAreOthersThanThoseListenedOn() {
        settings.flag("id", "1");
        settings.flag("data", "d");
        settings.flag("listen-client", "0.0.0.0:2379");
        settings.flag("trusted-network", "true");
        settings.flag("advertise-client-urls", "http://one:2379, https://two:2379");
        settings.flag("initial-advertise-peer-urls", "http://one:2380");
        Advertised advertised = settings.toOptions().advertised();
        assertEquals(List.of("http://one:2379", "https://two:2379"), advertised.clients());
        assertEquals(List.of("http://one:2380"), advertised.peers());

        settings.flag("advertise-client-urls", "one:2379");
        BadUsageException bad = assertThrows(BadUsageException.class, settings::toOptions);
        assertEquals(
                List.of("advertise-client-urls: a URL is like http://host:2379, not \"one:2379\""), bad.problems());
    }

    @Test
    void flagsWinOverTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("server.properties"), """
                # a comment
                id = 2
                cluster-id: orders
                data = somewhere
                listen-peer = 127.0.0.1:7002
                listen-client = 127.0.0.1:8002
                peer.1 = host1:7001
                peer.3 = host3:7003
                client.1 = host1:8001
                election-timeout = 2s
                request-timeout = 1500ms
                snapshot-count = 500
                retained-slots = 5
                """);
        settings.readFile(file);
        settings.flag("data", "elsewhere");
        settings.flag("cluster-id", null);
        settings.nodeFlags("peer", List.of("3=other3:7003"));

        ServerOptions options = settings.toOptions();

        assertEquals(NodeId.of(2), options.node().id());
        assertEquals("orders", options.node().clusterId());
        assertEquals(Path.of("elsewhere"), options.node().dataDirectory());
        assertEquals(
                Map.of(NodeId.of(1), new Address("host1", 7001), NodeId.of(3), new Address("other3", 7003)),
                options.node().peers());
        assertEquals(Map.of(NodeId.of(1), new Address("host1", 8001)), options.clients());
        assertEquals(List.of(new Address("127.0.0.1", 8002)), options.listenClients());
        assertEquals(Duration.ofSeconds(2), options.node().timing().electionTimeout());
        assertEquals(Duration.ofMillis(1500), options.replica().requestTimeout());
        assertEquals(500, options.replica().checkpointSlots());
        assertEquals(5, options.replica().retainedSlots());
    }

    @Test
    void onlyIdAndDirectoryAreRequiredAndNothingListensBeyondLoopback() {
        settings.flag("id", "1");
        settings.flag("data", "d");

        ServerOptions options = settings.toOptions();

        assertEquals(new Address("127.0.0.1", 2380), options.node().listen());
        assertEquals(List.of(new Address("127.0.0.1", 2379)), options.listenClients());
        assertEquals(Duration.ofSeconds(1), options.node().timing().electionTimeout());
    }

    @Test
    void limitsHaveTheNamesAndDefaultsOfEtcd() {
        settings.flag("id", "1");
        settings.flag("data", "d");
        StoreLimits usual = settings.toOptions().limits();
        assertEquals(Optional.of(2L << 30), usual.store().quotaBytes());
        assertEquals(128, usual.store().maxOperations());
        assertEquals(Optional.empty(), usual.store().compareEvery());
        assertEquals(1_572_864, usual.maxRequestBytes());
        assertEquals(new CompactionPolicy.None(), usual.compaction());
        assertEquals(Duration.ofSeconds(7), settings.toOptions().replica().requestTimeout());

        settings.flag("quota-backend-bytes", "-1");
        settings.flag("max-txn-ops", "1000");
        settings.flag("max-request-bytes", "1900000");
        settings.flag("auto-compaction-mode", "revision");
        settings.flag("auto-compaction-retention", "500");
        settings.flag("experimental-corrupt-check-time", "12h");
        settings.flag("election-timeout", "2s");
        settings.flag("listen-client-urls", "http://127.0.0.1:7, http://127.0.0.1:8");
        ServerOptions options = settings.toOptions();
        assertEquals(Optional.empty(), options.limits().store().quotaBytes());
        assertEquals(1000, options.limits().store().maxOperations());
        assertEquals(Optional.of(Duration.ofHours(12)), options.limits().store().compareEvery());
        assertEquals(1_900_000, options.limits().maxRequestBytes());
        assertTrue(options.replica().maxCommandBytes() > 1_900_000);
        assertEquals(new CompactionPolicy.Revisions(500), options.limits().compaction());
        assertEquals(Duration.ofSeconds(9), options.replica().requestTimeout(), "two election timeouts more");
        assertEquals(List.of(new Address("127.0.0.1", 7), new Address("127.0.0.1", 8)), options.listenClients());

        settings.flag("max-request-bytes", "10485760");
        settings.flag("listen-client-urls", "https://127.0.0.1:7");
        BadUsageException bad = assertThrows(BadUsageException.class, settings::toOptions);
        assertEquals(
                List.of(
                        "listen-client-urls: https://127.0.0.1:7 needs cert-file and key-file",
                        "max-request-bytes is 1 to 2031616, not 10485760"),
                bad.problems());
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws Exception {
        Path file = Files.writeString(directory.resolve("server.properties"), "idd = 2\npeer.x = host:1\n");
        settings.readFile(file);
        settings.readFile(directory.resolve("not there"));
        settings.flag("id", "one");
        settings.flag("listen-client", "nowhere");
        settings.flag("election-timeout", "1d");
        settings.flag("snapshot-count", "0");
        settings.nodeFlags("peer", List.of("2=a:1", "2=b:1", "c:1"));

        BadUsageException e = assertThrows(BadUsageException.class, settings::toOptions);

        assertEquals(
                List.of(
                        file + ": unknown setting \"idd\"",
                        "there is no configuration file " + directory.resolve("not there"),
                        "--peer is given twice for node 2",
                        "--peer is ID=host:port, not \"c:1\"",
                        "id is a whole number, not \"one\"",
                        "--data is required",
                        "listen-client: not host:port: \"nowhere\"",
                        "peer.x is a whole number, not \"x\"",
                        "election-timeout: a duration is like 500ms, 2s, 1m or 1h, not \"1d\"",
                        "checkpointSlots is 1 to 9223372036854775807, not 0"),
                e.problems());
    }

    @Test
    void whatDoesNotHoldTogetherIsSaid() {
        settings.flag("id", "1");
        settings.flag("data", "d");
        settings.nodeFlags("peer", List.of("1=a:1", "2=b:0"));

        BadUsageException e = assertThrows(BadUsageException.class, settings::toOptions);

        assertEquals(List.of("peer 1 is this node itself", "the address of a peer needs a port"), e.problems());
    }
}
