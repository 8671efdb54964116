package io.loggos.benchmarks.commands.failover;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.PayloadOption;
import io.loggos.benchmarks.harness.trial.Trial;
import io.loggos.benchmarks.systems.loggos.audited.ForkedCluster;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench failover}. */
@Command(
        name = "failover",
        description = "Kills or closes the leader of three processes under load: how long is nothing committed?")
public final class FailoverCommand implements Callable<Integer> {
    private static final int SHORT_ROUNDS = 3;
    private static final int LEAST_TIMEOUT_MILLIS = 50;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--rounds", paramLabel = "N", description = "how often a leader is killed Default: 10, short: 3")
    private int rounds;

    @Option(
            names = "--election-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "of the nodes, in milliseconds Default: ${DEFAULT-VALUE}")
    private int electionTimeoutMillis;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "64",
            description = "commands under way at any time Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Option(names = "--planned", description = "close the leader, which then hands over, instead of killing it")
    private boolean planned;

    @Mixin
    private PayloadOption payload = new PayloadOption();

    @Override
    public Integer call() throws Exception {
        FailoverTrial.Settings settings = settings();
        return Trial.run(common, (directory, report) -> {
            try (ForkedCluster cluster = new ForkedCluster(directory, settings.electionTimeout(), true)) {
                new FailoverTrial(settings, cluster, report).run();
            }
        });
    }

    /** Returns the settings that were asked for, checked. */
    FailoverTrial.Settings settings() {
        int asked = rounds == 0 ? (common.shortRun() ? SHORT_ROUNDS : FailoverTrial.Settings.ROUNDS) : rounds;
        if (asked < 1) {
            throw common.misuse("--rounds is at least 1");
        }
        if (electionTimeoutMillis < LEAST_TIMEOUT_MILLIS) {
            throw common.misuse("--election-timeout is at least " + LEAST_TIMEOUT_MILLIS + " ms");
        }
        if (inFlight < 2) {
            throw common.misuse("--in-flight is at least 2, one through each survivor");
        }
        if (payload.bytes() < 16) {
            throw common.misuse("--payload is at least 16");
        }
        return new FailoverTrial.Settings(
                asked, Duration.ofMillis(electionTimeoutMillis), inFlight, payload.bytes(), planned);
    }
}
