package io.loggos.benchmarks.commands.commit;

import io.loggos.benchmarks.commands.floors.FloorRuns;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.jmh.JmhCommand;
import io.loggos.benchmarks.harness.jmh.JmhRuns;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench commit}. */
@Command(
        name = "commit",
        sortOptions = false,
        description = {
            "The commit path: commands to the leader of three replicas that are in one JVM, on one disk, and connected"
                    + " over loopback. Each system at each setting runs in a JVM of its own, beside the floors: what the"
                    + " same bytes cost on the disk and on the wire alone.",
            ""
        })
public final class CommitCommand implements Callable<Integer> {
    private static final int MOST_PER_SECOND = 10_000_000;

    @Option(
            names = "--systems",
            order = 1,
            split = ",",
            paramLabel = "NAME",
            defaultValue = Subject.LOGGOS,
            description = "What to measure: ${COMPLETION-CANDIDATES}; 'all' for all of them. Default: ${DEFAULT-VALUE}",
            completionCandidates = SystemNames.class)
    private List<String> systems = new ArrayList<>();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(
            names = "--rate",
            order = 20,
            split = ",",
            paramLabel = "N",
            description =
                    "An open loop instead: so many commands a second, whether they complete or not, latency counted"
                            + " from the time at which each was due, what is refused counted by itself. Without floors, and"
                            + " instead of --in-flight.")
    private List<Integer> rates = new ArrayList<>();

    @Option(
            names = "--pending",
            order = 21,
            paramLabel = "BYTES",
            defaultValue = "0",
            description =
                    "With --rate: the bytes of commands that Loggos has under way before it refuses. Default: what"
                            + " a log has if nobody sets it, 64 MiB.")
    private int pendingBytes;

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** Names of all systems, for the help. */
    private static final class SystemNames extends ArrayList<String> {
        SystemNames() {
            super(Catalog.CONSENSUS.names());
        }
    }

    @Override
    public Integer call() throws Exception {
        return JmhCommand.run(runs(), load, common);
    }

    /**
     * Returns the runs that were asked for. All runs of one setting follow each other, so that a machine that slows
     * down affects all of them.
     */
    List<JmhRuns.Run> runs() {
        load.check(common);
        checkRates();
        List<ReplicatedSystem> chosen = chosen();
        List<JmhRuns.Run> runs = new ArrayList<>();
        for (int payloadBytes : load.payloadBytes()) {
            for (int rate : rates) {
                chosen.forEach(system -> runs.add(offered(system, rate, payloadBytes)));
            }
            for (int inFlight : rates.isEmpty() ? load.inFlight() : List.<Integer>of()) {
                runs.addAll(FloorRuns.at(inFlight, payloadBytes));
                chosen.forEach(system -> runs.add(closed(system, inFlight, payloadBytes)));
            }
        }
        return runs;
    }

    private static JmhRuns.Run closed(ReplicatedSystem system, int inFlight, int payloadBytes) {
        return new JmhRuns.Run(
                system.subject(),
                CommitBenchmark.class,
                "commit",
                FloorRuns.setting(inFlight, payloadBytes),
                Map.of(
                        "system", system.name(),
                        "inFlight", Integer.toString(inFlight),
                        "payloadBytes", Integer.toString(payloadBytes)));
    }

    private JmhRuns.Run offered(ReplicatedSystem system, int rate, int payloadBytes) {
        return new JmhRuns.Run(
                system.subject(),
                OfferedLoadBenchmark.class,
                "commit",
                rate + "/s, " + payloadBytes + " B",
                Map.of(
                        "system", system.name(),
                        "ratePerSecond", Integer.toString(rate),
                        "payloadBytes", Integer.toString(payloadBytes),
                        "pendingBytes", Integer.toString(pendingBytes)));
    }

    private List<ReplicatedSystem> chosen() {
        try {
            return Catalog.CONSENSUS.chosen(systems);
        } catch (IllegalArgumentException e) {
            throw common.misuse("--systems: " + e.getMessage());
        }
    }

    private void checkRates() {
        common.requireBetween("--rate", rates, 1, MOST_PER_SECOND);
        if (pendingBytes != 0 && rates.isEmpty()) {
            throw common.misuse("--pending goes with --rate");
        }
        int payloadBytes =
                load.payloadBytes().stream().mapToInt(Integer::intValue).max().orElse(1);
        if (pendingBytes != 0 && pendingBytes < payloadBytes) {
            throw common.misuse(
                    "--pending is " + payloadBytes + " or more, as large as a command, not " + pendingBytes);
        }
    }
}
