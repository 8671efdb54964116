package io.loggos.benchmarks.commands.restart;

import io.loggos.api.node.TimingOptions;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.PayloadOption;
import io.loggos.benchmarks.harness.trial.Trial;
import io.loggos.benchmarks.systems.loggos.audited.ForkedCluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench restart}. */
@Command(
        name = "restart",
        description = "Stops nodes with a long log and no checkpoint, and opens them again: how soon do they serve?")
public final class RestartCommand implements Callable<Integer> {
    private static final int SHORT_COMMANDS = 200_000;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--commands",
            paramLabel = "N",
            description = "how many commands are in the log Default: 1000000, short: 200000")
    private int commands;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1024",
            description = "commands under way while the log is filled: few make small slots Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Mixin
    private PayloadOption payload = new PayloadOption();

    @Override
    public Integer call() throws Exception {
        RestartTrial.Settings settings = settings();
        return Trial.run(common, (directory, report) -> {
            try (ForkedCluster cluster =
                    new ForkedCluster(directory, TimingOptions.defaults().electionTimeout(), false)) {
                new RestartTrial(settings, cluster, report).run();
            }
        });
    }

    /** Returns the settings that were asked for, checked. */
    RestartTrial.Settings settings() {
        int asked = commands == 0 ? (common.shortRun() ? SHORT_COMMANDS : RestartTrial.Settings.COMMANDS) : commands;
        if (asked < 1 || inFlight < 1) {
            throw common.misuse("--commands and --in-flight are at least 1");
        }
        if (payload.bytes() < 16) {
            throw common.misuse("--payload is at least 16");
        }
        return new RestartTrial.Settings(asked, inFlight, payload.bytes());
    }
}
