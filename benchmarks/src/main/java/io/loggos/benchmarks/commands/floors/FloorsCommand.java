package io.loggos.benchmarks.commands.floors;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.jmh.JmhCommand;
import io.loggos.benchmarks.harness.jmh.JmhRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Command {@code bench floors}. */
@Command(
        name = "floors",
        sortOptions = false,
        description = "What the same bytes cost without any system: synced RocksDB writes, gRPC round trip and stream.")
public final class FloorsCommand implements Callable<Integer> {
    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        load.check(common);
        List<JmhRuns.Run> runs = new ArrayList<>();
        for (int payloadBytes : load.payloadBytes()) {
            for (int inFlight : load.inFlight()) {
                runs.addAll(FloorRuns.at(inFlight, payloadBytes));
            }
        }
        return JmhCommand.run(runs, load, common);
    }
}
