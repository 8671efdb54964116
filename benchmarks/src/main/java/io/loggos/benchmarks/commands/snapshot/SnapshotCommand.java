package io.loggos.benchmarks.commands.snapshot;

import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.ProgressLine;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.plot.LatencyPlot;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.harness.report.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench snapshot}. */
@Command(
        name = "snapshot",
        sortOptions = false,
        description = {
            "Puts into a replicated key-value store with a large state: three nodes in one JVM. Stretches without"
                    + " snapshots and with one taken at regular times follow each other on the same cluster: what do"
                    + " snapshots cost those who write, and how long does each take until it is complete?",
            ""
        })
public final class SnapshotCommand implements Callable<Integer> {
    /** Highest number of puts in flight: more makes no sense with 2 GiB of heap. */
    private static final int MOST_IN_FLIGHT = 1 << 16;

    private static final int MOST_PAYLOAD_BYTES = 1 << 20;
    private static final long MOST_STATE_BYTES = 1L << 40;
    private static final int PAIRS = 10;
    private static final int SHORT_PAIRS = 4;
    private static final int WARM_UP_SECONDS = 20;
    private static final int SHORT_WARM_UP_SECONDS = 8;
    private static final int STRETCH_SECONDS = 10;
    /** Longest silence of the JVM that measures. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Option(
            names = "--state-bytes",
            order = 1,
            paramLabel = "BYTES",
            defaultValue = "1073741824",
            description = "What is put into the store beforehand. Default: ${DEFAULT-VALUE}")
    private long stateBytes;

    @Option(
            names = "--every",
            order = 2,
            paramLabel = "MS",
            defaultValue = "1000",
            description = "From the begin of a snapshot to that of the next, in milliseconds; one that is due while the"
                    + " last is under way is left out. Default: ${DEFAULT-VALUE}")
    private long everyMillis;

    @Option(
            names = "--in-flight",
            order = 10,
            paramLabel = "N",
            defaultValue = "64",
            description = "Puts under way at any time. Default: ${DEFAULT-VALUE}")
    private int inFlight;

    @Option(
            names = "--payload",
            order = 11,
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of a value. Default: ${DEFAULT-VALUE}")
    private int payloadBytes;

    @Option(
            names = "--pairs",
            order = 12,
            paramLabel = "N",
            description = "How often a stretch without and one with snapshots. Default: 10, short: 4")
    private int pairs;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        SnapshotSettings settings = settings();
        try (DataDirectory data = common.openData()) {
            List<SnapshotReport> reports;
            try {
                reports = measure(data.path(), settings);
            } catch (TrialFailure e) {
                System.err.println("bench: FAILED: " + e.getMessage());
                return 1;
            }
            publish(reports, settings);
            return reports.stream().allMatch(SnapshotReport::sound) ? 0 : 1;
        }
    }

    /** Returns the settings that were asked for, checked. */
    SnapshotSettings settings() {
        common.requireBetween("--state-bytes", List.of(stateBytes), 0, MOST_STATE_BYTES);
        common.requireBetween("--every", List.of(everyMillis), 1, Integer.MAX_VALUE);
        common.requireBetween("--in-flight", List.of(inFlight), 1, MOST_IN_FLIGHT);
        common.requireBetween("--payload", List.of(payloadBytes), 1, MOST_PAYLOAD_BYTES);
        common.requireBetween("--pairs", List.of(pairs), 0, Integer.MAX_VALUE);
        long most = ReplicaOptions.defaults().maxPendingBytes();
        if ((long) inFlight * payloadBytes > most / 2) {
            throw common.misuse(inFlight + " in flight of " + payloadBytes + " bytes are more than half of the " + most
                    + " bytes that may be pending");
        }
        boolean shortRun = common.shortRun();
        return new SnapshotSettings(
                stateBytes,
                Duration.ofMillis(everyMillis),
                inFlight,
                payloadBytes,
                shortRun ? SHORT_WARM_UP_SECONDS : WARM_UP_SECONDS,
                pairs > 0 ? pairs : shortRun ? SHORT_PAIRS : PAIRS,
                STRETCH_SECONDS);
    }

    private static List<SnapshotReport> measure(Path directory, SnapshotSettings settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        arguments.addAll(settings.toArguments());
        try (ForkedJvm jvm = ForkedJvm.start("its JVM", JvmOptions.ALL, SnapshotMain.class, arguments)) {
            ProgressLine progress = new ProgressLine(SnapshotMain.steps(settings));
            for (String said = jvm.receive(PATIENCE); !said.equals(SnapshotMain.OVER); said = jvm.receive(PATIENCE)) {
                show(said, progress);
            }
        }
        return List.of(SnapshotMain.report(directory, false), SnapshotMain.report(directory, true));
    }

    private static void show(String said, ProgressLine progress) {
        if (said.startsWith(SnapshotMain.NEXT)) {
            progress.next(said.substring(SnapshotMain.NEXT.length()));
        } else if (said.startsWith(SnapshotMain.DONE)) {
            progress.done(said.substring(SnapshotMain.DONE.length()));
        } else {
            progress.show(said);
        }
    }

    private void publish(List<SnapshotReport> reports, SnapshotSettings settings) throws IOException {
        common.publish(
                new SnapshotTable(reports.get(0), reports.get(1), settings).lines(),
                JsonObject.array(reports.stream().map(SnapshotReport::toJson).toList()),
                () -> new LatencyPlot(reports.stream().map(SnapshotReport::load).toList()).toSvg());
    }
}
