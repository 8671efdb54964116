package io.loggos.benchmarks.commands.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.systems.servers.EtcdServers;
import io.loggos.benchmarks.systems.servers.LoggosServers;
import io.loggos.benchmarks.systems.servers.ServerCluster;
import io.loggos.benchmarks.systems.servers.client.ClientRun;
import io.loggos.benchmarks.systems.servers.client.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole run, at its shortest, against real servers. */
class ServerBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void loggosIsMeasuredAndItsMembersAgree() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));

        measure(LoggosServers.start(data, directory.resolve("log")));
    }

    @Test
    void etcdIsMeasuredAndItsMembersAgree() throws IOException {
        Path program = EtcdServers.find();
        assumeTrue(program != null, "etcd is not installed");

        measure(EtcdServers.start(program, directory));
    }

    private void measure(ServerCluster cluster) throws IOException {
        List<ProcessHandle> members;
        try (cluster) {
            try (Members asked = new Members(cluster.endpoints())) {
                assertTrue(cluster.endpoints().contains(asked.awaitLeader()));
            }
            members = cluster.members();
            LoadPlan plan = new LoadPlan(
                    cluster.endpoints(),
                    cluster.processIds(),
                    List.of("put", "read", "txn", "watch by 3", "grant", "keep-alive"),
                    List.of(4),
                    List.of(16),
                    1,
                    1);
            ClientRun run = new ClientRun(
                    cluster.subject().label(),
                    ClientMain.class,
                    plan.toArguments(),
                    plan.settings(),
                    Duration.ofMinutes(1));
            run.toItsEnd();

            List<Report> reports = run.reports(cluster.subject(), "a machine");
            assertEquals(
                    plan.operations(), reports.stream().map(Report::operation).toList());
            reports.forEach(report -> {
                assertTrue(report.sound(), report::toString);
                assertTrue(report.figures().cpuMicrosPerOp() > 0, report::toString);
            });
        }
        assertEquals(3, members.size());
        members.forEach(member -> assertFalse(member.isAlive()));
    }
}
