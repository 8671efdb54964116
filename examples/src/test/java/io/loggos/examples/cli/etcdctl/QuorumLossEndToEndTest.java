package io.loggos.examples.cli.etcdctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.api.Address;
import io.loggos.examples.cli.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member without a quorum answers as one of etcd does. */
class QuorumLossEndToEndTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void requestsTimeOutWithEtcdsText() throws Exception {
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
        try (EtcdCluster etcd = EtcdCluster.start(Files.createDirectory(directory.resolve("etcd")));
                TestCluster ours = new TestCluster(Files.createDirectory(directory.resolve("ours"))).startAll()) {
            assumeTrue(etcd != null, "etcd is not installed");
            for (int member = 2; member <= TestCluster.NODES; member++) {
                etcd.kill(member);
                ours.kill(member);
            }
            Etcdctl there = new Etcdctl(directory, etcd.clients().subList(0, 1), PATIENCE_SECONDS);
            Etcdctl here = new Etcdctl(
                    directory,
                    ours.clients().stream().limit(1).map(Address::toString).toList(),
                    PATIENCE_SECONDS);
            String[] put = {"put", "a", "b", "--command-timeout=30s"};
            // An etcd that has noticed the loss before a request came says "context deadline exceeded" instead.
            String timedOut = there.run(put);
            assertEquals("exit 1\nstderr: Error: etcdserver: request timed out\n", timedOut);
            assertEquals(timedOut, here.run(put));
        }
    }
}
