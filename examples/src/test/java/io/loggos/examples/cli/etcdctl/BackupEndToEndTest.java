package io.loggos.examples.cli.etcdctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.api.Address;
import io.loggos.examples.cli.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves a store between etcd and this server, both ways, by what {@code etcdctl snapshot save} saves. */
class BackupEndToEndTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final int KEYS = 300;

    @TempDir
    Path directory;

    @BeforeAll
    static void etcdctlIsInstalled() {
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
    }

    @Test
    void anEtcdGoesOnWhereThisServerWas() throws Exception {
        String contents;
        Path saved = directory.resolve("saved.db");
        try (TestCluster ours = new TestCluster(newDirectory("ours")).startAll()) {
            Etcdctl etcdctl = of(ours);
            fill(etcdctl);
            contents = contents(etcdctl);
            save(etcdctl, saved);
        }
        Path restored = newDirectory("restored");
        try (EtcdCluster etcd = EtcdCluster.restored(restored, saved)) {
            assumeTrue(etcd != null, "etcd is not installed");
            Etcdctl etcdctl = new Etcdctl(restored, etcd.clients(), PATIENCE_SECONDS);
            assertEquals(contents, contents(etcdctl));
            etcdctl.succeed("put", "after", "the restore");
        }
    }

    @Test
    void thisServerGoesOnWhereAnEtcdWas() throws Exception {
        String contents;
        Path saved = directory.resolve("saved.db");
        try (EtcdCluster etcd = EtcdCluster.start(newDirectory("etcd"))) {
            assumeTrue(etcd != null, "etcd is not installed");
            Etcdctl etcdctl = new Etcdctl(directory, etcd.clients(), PATIENCE_SECONDS);
            fill(etcdctl);
            contents = contents(etcdctl);
            save(etcdctl, saved);
        }
        try (TestCluster ours = new TestCluster(newDirectory("ours"))) {
            ours.restoreAll(saved);
            ours.startAll();
            Etcdctl etcdctl = of(ours);
            assertEquals(contents, contents(etcdctl));
            String lease =
                    etcdctl.succeed("lease", "list").lines().skip(1).findFirst().orElseThrow();
            assertTrue(etcdctl.succeed("lease", "timetolive", lease, "--keys").contains("[leased]"));
            etcdctl.succeed("lease", "revoke", lease);
            assertEquals("", etcdctl.succeed("get", "leased"));
            List<String> hashes = etcdctl.succeed("endpoint", "hashkv")
                    .lines()
                    .map(line -> line.split(", ", -1)[1])
                    .distinct()
                    .toList();
            assertEquals(1, hashes.size(), hashes::toString);
        }
    }

    private Path newDirectory(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    private Etcdctl of(TestCluster cluster) {
        return new Etcdctl(
                directory, cluster.clients().stream().map(Address::toString).toList(), PATIENCE_SECONDS);
    }

    /** Many versions, of which some are compacted, a lease, and more than one page of everything. */
    private static void fill(Etcdctl etcdctl) throws Exception {
        StringBuilder puts = new StringBuilder("\n");
        for (int i = 0; i < KEYS; i++) {
            if (i % 100 == 0 && i > 0) {
                transact(etcdctl, puts.toString());
                puts = new StringBuilder("\n");
            }
            puts.append("put k").append(i).append(' ').append("v".repeat(i + 1)).append('\n');
        }
        transact(etcdctl, puts.toString());
        etcdctl.succeed("put", "k7", "newer");
        etcdctl.succeed("del", "k8");
        etcdctl.succeed("compaction", "5");
        etcdctl.succeed("put", "k7", "newest");
        etcdctl.succeed("del", "k9");
        String granted = etcdctl.succeed("lease", "grant", "600");
        etcdctl.succeed("put", "leased", "v", "--lease=" + granted.split(" ", -1)[1]);
    }

    private static void transact(Etcdctl etcdctl, String puts) throws Exception {
        String done = etcdctl.runWith(puts + "\n\n", "txn");
        assertTrue(done.startsWith("exit 0\nSUCCESS\n"), done);
    }

    /** Returns all keys with all their numbers, now and at an older revision, and the revision. */
    private static String contents(Etcdctl etcdctl) throws Exception {
        return (etcdctl.succeed("get", "", "--from-key", "-w", "fields")
                        + etcdctl.succeed("get", "", "--from-key", "-w", "fields", "--rev=6")
                        + etcdctl.run("get", "k7", "--rev=4"))
                .replaceAll("\"(ClusterID|MemberID|RaftTerm)\" : \\d+\n", "");
    }

    private static void save(Etcdctl etcdctl, Path file) throws Exception {
        etcdctl.succeed(
                "snapshot",
                "save",
                file.toString(),
                "--endpoints=" + etcdctl.endpoints().get(0));
        etcdctl.succeed("snapshot", "status", file.toString());
    }
}
