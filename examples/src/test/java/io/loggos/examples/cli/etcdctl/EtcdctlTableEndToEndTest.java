package io.loggos.examples.cli.etcdctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.api.Address;
import io.loggos.examples.cli.TestCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every subcommand of etcdctl against an etcd of three members and against three server processes, and compares
 * what it says. The table is in ETCDCTL.md. With {@code -Detcdctl.slow=true} the two checks run too, which take minutes.
 */
class EtcdctlTableEndToEndTest {
    private static final Path FILE = Path.of("ETCDCTL.md");
    private static final String WRITE = "etcdctl.write";
    private static final long PATIENCE_SECONDS = 30;
    private static final long SLOW_PATIENCE_SECONDS = 600;

    private static final String NOT_YET = "not served yet";
    /** The subcommands that are not as with etcd, and why. */
    private static final Map<String, String> KNOWN = new TreeMap<>(Map.of(
            "member add", NOT_YET,
            "member update", NOT_YET,
            "member promote", NOT_YET,
            "member remove", NOT_YET));

    @TempDir
    Path directory;

    @Test
    void saysTheSameToBoth() throws Exception {
        boolean slow = Boolean.getBoolean("etcdctl.slow");
        assumeTrue(Etcdctl.isInstalled(), "etcdctl is not installed");
        EtcdctlTable table = new EtcdctlTable();
        try (EtcdCluster etcd = EtcdCluster.start(Files.createDirectory(directory.resolve("etcd")));
                TestCluster ours = new TestCluster(Files.createDirectory(directory.resolve("ours"))).startAll()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            long patience = slow ? SLOW_PATIENCE_SECONDS : PATIENCE_SECONDS;
            Etcdctl there = new Etcdctl(directory.resolve("etcd"), etcd.clients(), patience);
            Etcdctl here = new Etcdctl(
                    directory.resolve("ours"),
                    ours.clients().stream().map(Address::toString).toList(),
                    patience);
            for (EtcdctlSteps.Step step : EtcdctlSteps.all(slow)) {
                table.add(step.subcommand(), tried(step, there), tried(step, here));
            }
        }
        table.differences().forEach((name, difference) -> System.out.println("== " + name + "\n" + difference));
        assertEquals(
                new TreeSet<>(KNOWN.keySet()),
                new TreeSet<>(table.differences().keySet()),
                "the subcommands that are not as with etcd");
        String text = TEXT + table.text(KNOWN);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, text);
        } else if (!slow) {
            assertEquals(
                    text,
                    Files.exists(FILE) ? Files.readString(FILE) : "",
                    "examples/ETCDCTL.md is another; this writes it: -D" + WRITE + "=true");
        }
    }

    private static String tried(EtcdctlSteps.Step step, Etcdctl etcdctl) {
        try {
            return step.work().with(etcdctl);
        } catch (Exception | AssertionError failed) {
            return "failed: " + failed.getMessage();
        }
    }

    private static final String TEXT = """
            # Every subcommand of etcdctl

            `EtcdctlTableEndToEndTest` runs etcdctl 3.4 with the same arguments, in the same order, against an etcd 3.4 of three
            members and against three members of this server. It compares exit codes, stdout and the error, without addresses,
            ids and times. It also writes this file: `mvn -pl examples -am verify -Dit.test=EtcdctlTableEndToEndTest
            -Detcdctl.write=true`. With `-Detcdctl.slow=true` it runs `check datascale` and `check perf` too.

            """;
}
