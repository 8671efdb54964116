package io.loggos.benchmarks.commands.reads;

import io.loggos.benchmarks.commands.floors.FloorRuns;
import io.loggos.benchmarks.commands.floors.WireFloorBenchmark;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.jmh.JmhCommand;
import io.loggos.benchmarks.harness.jmh.JmhRuns;
import io.loggos.benchmarks.harness.report.Floors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Command {@code bench reads}. */
@Command(
        name = "reads",
        sortOptions = false,
        description =
                "Linearizable reads at the leader, with and without a lease, and at a follower of three idle nodes in"
                        + " one JVM, beside a gRPC round trip of the payload.")
public final class ReadsCommand implements Callable<Integer> {
    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        load.check(common);
        List<JmhRuns.Run> runs = new ArrayList<>();
        for (int inFlight : load.inFlight()) {
            String setting = inFlight + " in flight";
            String number = Integer.toString(inFlight);
            for (int bytes : load.payloadBytes()) {
                runs.add(new JmhRuns.Run(
                        Floors.ROUND_TRIP,
                        WireFloorBenchmark.class,
                        "roundTrip",
                        FloorRuns.setting(inFlight, bytes),
                        Map.of("inFlight", number, "payloadBytes", Integer.toString(bytes))));
            }
            Map<String, String> parameters = Map.of("inFlight", number);
            runs.add(new JmhRuns.Run(
                    ReadWorkload.LEADER, LinearizableReadBenchmark.class, "leader", setting, parameters));
            runs.add(
                    new JmhRuns.Run(ReadWorkload.LEASE, LinearizableReadBenchmark.class, "lease", setting, parameters));
            runs.add(new JmhRuns.Run(
                    ReadWorkload.FOLLOWER, LinearizableReadBenchmark.class, "follower", setting, parameters));
        }
        return JmhCommand.run(runs, load, common);
    }
}
