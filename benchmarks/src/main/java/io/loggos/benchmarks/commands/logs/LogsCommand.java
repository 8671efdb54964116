package io.loggos.benchmarks.commands.logs;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.PayloadOption;
import io.loggos.benchmarks.harness.trial.Trial;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench logs}. */
@Command(
        name = "logs",
        description = "Many logs on three nodes: what do they take while idle, and what does a load lose over them?")
public final class LogsCommand implements Callable<Integer> {
    private static final int SECONDS = 30;
    private static final int SHORT_SECONDS = 10;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--logs",
            paramLabel = "N",
            defaultValue = "1000",
            description = "how many are idle Default: ${DEFAULT-VALUE}")
    private int logs;

    @Option(
            names = "--spread",
            paramLabel = "N",
            defaultValue = "100",
            description = "over how many the load is spread Default: ${DEFAULT-VALUE}")
    private int spread;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1024",
            description = "commands under way at any time, over all logs Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Mixin
    private PayloadOption payload = new PayloadOption();

    @Override
    public Integer call() throws Exception {
        LogsTrial.Settings settings = settings();
        return Trial.run(common, (directory, report) -> new LogsTrial(settings, directory, report).run());
    }

    /** Returns the settings that were asked for, checked. */
    LogsTrial.Settings settings() {
        if (logs < 1 || spread < 1 || inFlight < 1 || payload.bytes() < 1) {
            throw common.misuse("all numbers are at least 1");
        }
        int seconds = common.shortRun() ? SHORT_SECONDS : SECONDS;
        return new LogsTrial.Settings(logs, spread, seconds, seconds, inFlight, payload.bytes());
    }
}
