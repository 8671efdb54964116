package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.systems.servers.EtcdServers;
import io.loggos.benchmarks.systems.servers.LoggosServers;
import io.loggos.benchmarks.systems.servers.ServerCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench server}. */
@Command(
        name = "server",
        description = {
            "Puts and linearizable reads through a client of etcd's protocol, against three server processes on loopback"
                    + " with their data on one disk: what 'loggos cluster' starts, and etcd if it is installed. The client"
                    + " is the same program for both, in a JVM of its own, and asks the leader.",
            ""
        })
public final class ServerCommand implements Callable<Integer> {
    private static final String LOGGOS = "loggos";
    private static final String ETCD = "etcd";
    private static final int WARM_UP_SECONDS = 60;
    private static final int SHORT_WARM_UP_SECONDS = 30;
    private static final int MEASURED_SECONDS = 15;
    private static final int SHORT_MEASURED_SECONDS = 5;

    @Option(
            names = "--systems",
            order = 1,
            split = ",",
            paramLabel = "NAME",
            defaultValue = LOGGOS + "," + ETCD,
            description = "What to measure: loggos, etcd. Default: ${DEFAULT-VALUE}")
    private List<String> systems = new ArrayList<>();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        load.check(common);
        List<String> chosen = systems.stream().distinct().toList();
        for (String system : chosen) {
            if (!system.equals(LOGGOS) && !system.equals(ETCD)) {
                throw common.misuse("--systems: there is no system '" + system + "', but loggos, etcd");
            }
        }
        Path etcd = EtcdServers.find();
        if (etcd == null && chosen.contains(ETCD)) {
            ProgressLine.complain("bench: etcd is skipped: there is no program of this name on the PATH");
        }
        List<Report> reports = new ArrayList<>();
        try (DataDirectory data = common.openData()) {
            for (String system : chosen) {
                Path directory = Files.createDirectories(data.path().resolve(system));
                if (system.equals(LOGGOS)) {
                    Path log = data.path().resolve("loggos.log");
                    reports.addAll(measured(LoggosServers.start(directory, log), directory, log));
                } else if (etcd != null) {
                    reports.addAll(
                            measured(EtcdServers.start(etcd, directory), directory, directory.resolve("m0.log")));
                }
            }
            common.publish(reports);
        }
        return reports.stream().allMatch(Report::sound) ? 0 : 1;
    }

    private List<Report> measured(ServerCluster cluster, Path directory, Path log) throws IOException {
        try (cluster) {
            try (Members members = new Members(cluster.endpoints())) {
                members.awaitLeader();
            } catch (IllegalStateException e) {
                throw new IllegalStateException(e.getMessage() + "; " + Processes.tail(log), e);
            }
            LoadPlan plan = new LoadPlan(
                    cluster.endpoints(),
                    cluster.members().stream().map(ProcessHandle::pid).toList(),
                    load.inFlight(),
                    load.payloadBytes(),
                    load.warmUpSecondsOr(common.shortRun() ? SHORT_WARM_UP_SECONDS : WARM_UP_SECONDS),
                    common.shortRun() ? SHORT_MEASURED_SECONDS : MEASURED_SECONDS);
            ClientRun run = new ClientRun(cluster.subject().label(), plan);
            run.toItsEnd();
            return run.reports(cluster.subject(), Machine.describe(directory));
        }
    }
}
