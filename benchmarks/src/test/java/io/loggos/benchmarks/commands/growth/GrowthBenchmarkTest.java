package io.loggos.benchmarks.commands.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.systems.servers.LoggosServers;
import io.loggos.benchmarks.systems.servers.ServerCluster;
import io.loggos.benchmarks.systems.servers.client.ClientRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole run, at its shortest, against real servers. */
class GrowthBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void everyOperationIsMeasuredAtEverySize() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        List<GrowthPlan.Stage> stages = List.of(new GrowthPlan.Stage(150, 150), new GrowthPlan.Stage(150, 400));
        List<Report> reports;
        try (ServerCluster cluster = LoggosServers.start(data, directory.resolve("log"))) {
            GrowthPlan plan = new GrowthPlan(cluster.endpoints(), cluster.processIds(), stages, 4, 16, 1, 1);
            ClientRun run = new ClientRun(
                    cluster.subject().label(),
                    GrowthMain.class,
                    plan.toArguments(),
                    plan.settings(),
                    Duration.ofMinutes(1));
            run.toItsEnd();
            reports = run.reports(cluster.subject(), "a machine");
        }

        assertEquals(2 * GrowthLoad.values().length, reports.size());
        reports.forEach(report -> assertTrue(report.sound(), report::toString));
        List<String> table = GrowthTable.lines(reports, stages);
        assertEquals(2 + reports.size(), table.size());
        assertTrue(
                table.stream().anyMatch(line -> line.contains("count, 150 keys of 400 versions")),
                () -> String.join("\n", table));
    }
}
