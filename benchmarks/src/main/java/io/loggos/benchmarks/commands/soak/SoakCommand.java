package io.loggos.benchmarks.commands.soak;

import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.PayloadOption;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.trial.Trial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench soak}. */
@Command(
        name = "soak",
        description = "Runs a steady load for minutes, with checkpoints and truncation: does anything grow or stall?")
public final class SoakCommand implements Callable<Integer> {
    private static final int MINUTES = 10;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--minutes", paramLabel = "N", description = "how long Default: 10, short: 1")
    private int minutes;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1024",
            description = "commands under way at any time Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Mixin
    private PayloadOption payload = new PayloadOption();

    @Option(
            names = "--election-timeout",
            paramLabel = "MS",
            description = "of the nodes, in milliseconds Default: as Loggos has it")
    private long electionTimeoutMillis =
            TimingOptions.defaults().electionTimeout().toMillis();

    @Option(
            names = "--checkpoint-mebibytes",
            paramLabel = "N",
            description = "a checkpoint is taken each time so much was applied Default: as Loggos has it")
    private long checkpointMebibytes = ReplicaOptions.defaults().checkpointBytes() >> 20;

    @Option(names = "--series", paramLabel = "FILE", description = "write what was seen each second as CSV too")
    private @Nullable Path series;

    @Override
    public Integer call() throws Exception {
        SoakSettings settings = settings();
        return Trial.run(
                common, (directory, report) -> new SoakTrial(settings, report).run(directory, JvmOptions.ALL, series));
    }

    /** Returns the settings that were asked for, checked. */
    SoakSettings settings() {
        int asked = minutes == 0 ? (common.shortRun() ? 1 : MINUTES) : minutes;
        if (asked < 1 || inFlight < 1 || payload.bytes() < 1 || electionTimeoutMillis < 50 || checkpointMebibytes < 1) {
            throw common.misuse("--election-timeout is at least 50; the other numbers are at least 1");
        }
        return new SoakSettings(
                asked * 60,
                inFlight,
                payload.bytes(),
                Duration.ofMillis(electionTimeoutMillis),
                checkpointMebibytes << 20);
    }
}
