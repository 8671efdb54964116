package io.loggos.benchmarks.commands.server;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.systems.servers.ServerCluster;
import io.loggos.benchmarks.systems.servers.ServerSystems;
import io.loggos.benchmarks.systems.servers.client.ClientRun;
import java.io.IOException;
import java.time.Duration;
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
            "Operations through a client of etcd's protocol, against three server processes on loopback with their data on"
                    + " one disk: what 'loggos cluster' starts, and etcd if it is installed. The client is the same program"
                    + " for both, in a JVM of its own, and asks the leader.",
            ""
        })
public final class ServerCommand implements Callable<Integer> {
    private static final int WARM_UP_SECONDS = 60;
    private static final int SHORT_WARM_UP_SECONDS = 30;
    private static final int MEASURED_SECONDS = 15;
    private static final int SHORT_MEASURED_SECONDS = 5;
    private static final int MOST_WATCHERS = 100_000;

    /** Longest silence of the client program, besides the time that a setting takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Mixin
    private ServerSystems systems = new ServerSystems();

    @Option(
            names = "--operation",
            order = 2,
            split = ",",
            paramLabel = "NAME",
            defaultValue = ServerLoad.PUT + "," + ServerLoad.READ,
            description = "What to ask for: put, read, txn, watch, lease. Default: ${DEFAULT-VALUE}")
    private List<String> operations = new ArrayList<>();

    @Option(
            names = "--watchers",
            order = 3,
            split = ",",
            paramLabel = "N",
            defaultValue = "1,100,1000",
            description = "Watchers of one key, for the operation watch. Default: ${DEFAULT-VALUE}")
    private List<Integer> watchers = new ArrayList<>();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        load.check(common);
        common.requireBetween("--watchers", watchers, 1, MOST_WATCHERS);
        List<String> loads = loads();
        List<Report> reports = systems.measure(common, (cluster, machine) -> measured(cluster, machine, loads));
        common.publish(reports);
        return reports.stream().allMatch(Report::sound) ? 0 : 1;
    }

    /** Returns the names of the loads that were asked for. */
    List<String> loads() {
        for (String operation : operations) {
            if (!ServerLoad.ALL.contains(operation)) {
                throw common.misuse("--operation: there is no operation '" + operation + "', but "
                        + String.join(", ", ServerLoad.ALL));
            }
        }
        return operations.stream()
                .distinct()
                .flatMap(operation -> ServerLoad.names(operation, watchers).stream())
                .toList();
    }

    private List<Report> measured(ServerCluster cluster, String machine, List<String> loads) {
        LoadPlan plan = new LoadPlan(
                cluster.endpoints(),
                cluster.processIds(),
                loads,
                load.inFlight(),
                load.payloadBytes(),
                load.warmUpSecondsOr(common.shortRun() ? SHORT_WARM_UP_SECONDS : WARM_UP_SECONDS),
                common.shortRun() ? SHORT_MEASURED_SECONDS : MEASURED_SECONDS);
        Duration patience = PATIENCE.plusSeconds((long) loads.size() * plan.warmUpSeconds() + plan.measuredSeconds());
        ClientRun run = new ClientRun(
                cluster.subject().label(), ClientMain.class, plan.toArguments(), plan.settings(), patience);
        run.toItsEnd();
        return run.reports(cluster.subject(), machine);
    }
}
