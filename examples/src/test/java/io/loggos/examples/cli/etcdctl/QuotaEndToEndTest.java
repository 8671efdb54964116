package io.loggos.examples.cli.etcdctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.api.Address;
import io.loggos.examples.cli.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quota is exceeded and recovered from by etcdctl, as etcd's documentation says; and the history is compacted by itself. */
class QuotaEndToEndTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final int MOST_PUTS = 600;
    private static final String VALUE = "x".repeat(100_000);

    @TempDir
    Path directory;

    @Test
    void aFullStoreIsCompactedDefragmentedAndDisarmed() throws Exception {
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
        try (TestCluster cluster = new TestCluster(directory, "--quota-backend-bytes=6000000").startAll()) {
            Etcdctl etcdctl = of(cluster);
            String refused = "";
            for (int i = 0; i < MOST_PUTS && refused.isEmpty(); i++) {
                String put = etcdctl.run("put", "same", VALUE);
                refused = put.startsWith("exit 0") ? "" : put;
            }
            assertEquals("exit 1\nstderr: Error: etcdserver: mvcc: database space exceeded\n", refused);
            String alarms = etcdctl.succeed("alarm", "list");
            assertTrue(alarms.matches("(memberID:\\d+ alarm:NOSPACE \n){1,3}"), alarms);
            assertTrue(etcdctl.succeed("endpoint", "status").contains(" alarm:NOSPACE "));
            assertTrue(etcdctl.succeed("get", "same").endsWith(VALUE + "\n"));
            etcdctl.succeed("del", "nothing");

            String status = etcdctl.succeed("get", "same", "-w", "json");
            String revision = status.replaceAll("(?s).*\"revision\":(\\d+).*", "$1");
            etcdctl.succeed("compaction", revision, "--physical");
            etcdctl.succeed("defrag");
            // Others may have raised theirs meanwhile.
            List<String> disarmed = etcdctl.succeed("alarm", "disarm").lines().toList();
            assertTrue(disarmed.containsAll(alarms.lines().toList()), disarmed::toString);
            assertEquals("", etcdctl.succeed("alarm", "list"));
            assertEquals("OK\n", etcdctl.succeed("put", "same", "small"));
        }
    }

    @Test
    void historyIsCompactedAndCopiesAreComparedByThemselves() throws Exception {
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
        try (TestCluster cluster = new TestCluster(
                        directory,
                        "--auto-compaction-mode=periodic",
                        "--auto-compaction-retention=500ms",
                        "--corrupt-check-time=100ms")
                .startAll()) {
            Etcdctl etcdctl = of(cluster);
            etcdctl.succeed("put", "k", "1");
            etcdctl.succeed("put", "k", "2");
            Awaitility.await("the compaction")
                    .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .until(() -> etcdctl.run("get", "k", "--rev=2")
                            .contains("etcdserver: mvcc: required revision has been compacted"));
            assertEquals("k\n2\n", etcdctl.succeed("get", "k"));
            assertEquals("", etcdctl.succeed("alarm", "list"));
        }
    }

    private Etcdctl of(TestCluster cluster) {
        return new Etcdctl(
                directory, cluster.clients().stream().map(Address::toString).toList(), PATIENCE_SECONDS);
    }
}
