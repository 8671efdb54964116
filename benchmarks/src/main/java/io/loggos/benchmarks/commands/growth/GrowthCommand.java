package io.loggos.benchmarks.commands.growth;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.plot.LatencyPlot;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.ResultTable;
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

/** Command {@code bench growth}. */
@Command(
        name = "growth",
        description = {
            "Puts, reads, counts and memory of three server processes as their keys become more, and then as the versions"
                    + " of few keys do, beside etcd if it is installed. The client is that of 'bench server'.",
            ""
        })
public final class GrowthCommand implements Callable<Integer> {
    private static final int WARM_UP_SECONDS = 20;
    private static final int SHORT_WARM_UP_SECONDS = 5;
    private static final int MEASURED_SECONDS = 15;
    private static final int SHORT_MEASURED_SECONDS = 5;
    private static final long MOST_KEYS = 100_000_000;
    private static final int MOST_IN_FLIGHT = 1 << 16;
    private static final int MOST_PAYLOAD_BYTES = 1 << 14;

    /** Longest time to fill a store, and longest silence of the client program. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    @Mixin
    private ServerSystems systems = new ServerSystems();

    @Option(
            names = "--keys",
            order = 2,
            split = ",",
            paramLabel = "N",
            defaultValue = "10000,100000,1000000",
            description = "Numbers of keys, in rising order; ten million need 10 GB of disk for each server. Default:"
                    + " ${DEFAULT-VALUE}")
    private List<Long> keys = new ArrayList<>();

    @Option(
            names = "--in-flight",
            order = 3,
            paramLabel = "N",
            defaultValue = "64",
            description = "Operations under way at any time, but for counts. Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Option(
            names = "--payload",
            order = 4,
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of a value. Default: ${DEFAULT-VALUE}")
    private int payloadBytes;

    @Option(names = "--no-history", order = 5, description = "Let only keys grow, not the versions of few keys.")
    private boolean noHistory;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws IOException {
        check();
        List<GrowthPlan.Stage> growing = GrowthPlan.growingKeys(keys);
        List<GrowthPlan.Stage> history = noHistory ? List.of() : GrowthPlan.growingHistory(keys);
        List<Report> reports = new ArrayList<>();
        reports.addAll(systems.measure(common, (cluster, machine) -> measured(cluster, machine, growing)));
        if (!history.isEmpty()) {
            reports.addAll(systems.measure(common, (cluster, machine) -> measured(cluster, machine, history)));
        }
        List<GrowthPlan.Stage> all = new ArrayList<>(growing);
        all.addAll(history);
        List<String> tables = new ArrayList<>(new ResultTable(reports).lines());
        tables.add("");
        tables.add("Each system against its own smallest store:");
        tables.add("");
        tables.addAll(GrowthTable.lines(reports, all));
        common.publish(
                tables,
                JsonObject.array(reports.stream().map(Report::toJson).toList()),
                () -> new LatencyPlot(reports).toSvg());
        return reports.stream().allMatch(Report::sound) ? 0 : 1;
    }

    /**
     * Checks the numbers.
     *
     * @throws picocli.CommandLine.ParameterException if something is wrong with them
     */
    void check() {
        common.requireBetween("--keys", keys, 1, MOST_KEYS);
        common.requireBetween("--in-flight", List.of(inFlight), 1, MOST_IN_FLIGHT);
        common.requireBetween("--payload", List.of(payloadBytes), 1, MOST_PAYLOAD_BYTES);
        if (!keys.stream().sorted().distinct().toList().equals(keys)) {
            throw common.misuse("--keys are in rising order, each once");
        }
    }

    private List<Report> measured(ServerCluster cluster, String machine, List<GrowthPlan.Stage> stages) {
        GrowthPlan plan = new GrowthPlan(
                cluster.endpoints(),
                cluster.processIds(),
                stages,
                inFlight,
                payloadBytes,
                common.shortRun() ? SHORT_WARM_UP_SECONDS : WARM_UP_SECONDS,
                common.shortRun() ? SHORT_MEASURED_SECONDS : MEASURED_SECONDS);
        ClientRun run = new ClientRun(
                cluster.subject().label(), GrowthMain.class, plan.toArguments(), plan.settings(), PATIENCE);
        run.toItsEnd();
        return run.reports(cluster.subject(), machine);
    }
}
