package io.loggos.benchmarks.commands.multicasttrials;

import io.loggos.benchmarks.commands.multicasttrials.GroupTrials.Fault;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.trial.Trial;
import io.loggos.benchmarks.systems.catalog.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench multicast-trials}. */
@Command(
        name = "multicast-trials",
        description =
                "Lets one of four processes of a group fail: how soon do the others go on, and do they agree? Or lets"
                        + " none fail, for long: does any view change?")
public final class MulticastTrialsCommand implements Callable<Integer> {
    private static final int ROUNDS = 10;
    private static final int SHORT_ROUNDS = 3;
    private static final Duration SOAK = Duration.ofMinutes(10);
    private static final Duration SHORT_SOAK = Duration.ofMinutes(1);

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "NAME",
            defaultValue = Subject.LOGGOS,
            description = "as of bench multicast Default: ${DEFAULT-VALUE}")
    private List<String> systems = new ArrayList<>();

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "KILL,COORDINATOR,SILENCE",
            description = "a member killed while nobody sends, the coordinator killed while all send, a member that is"
                    + " stopped and keeps its connections; or NONE: all send for minutes, and no view may change"
                    + " Default: ${DEFAULT-VALUE}")
    private List<Fault> faults = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "how often each Default: 10, short: 3")
    private int rounds;

    @Option(names = "--minutes", paramLabel = "N", description = "how long NONE takes Default: 10, short: 1")
    private int minutes;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        List<String> tried = systems();
        int times = rounds();
        Duration soak = soak();
        return Trial.run(common, (directory, report) -> {
            for (String system : tried) {
                for (Fault fault : faults) {
                    new GroupTrials(system, times, soak, directory, report).run(fault);
                }
            }
        });
    }

    /** Returns the systems that were asked for, checked. */
    List<String> systems() {
        for (String system : systems) {
            try {
                Catalog.MULTICAST.byName(system);
            } catch (IllegalArgumentException e) {
                throw common.misuse("--systems: " + e.getMessage());
            }
        }
        return systems.stream().distinct().toList();
    }

    /** Returns the number of rounds, checked. */
    int rounds() {
        int asked = rounds == 0 ? (common.shortRun() ? SHORT_ROUNDS : ROUNDS) : rounds;
        if (asked < 1) {
            throw common.misuse("--rounds is at least 1");
        }
        return asked;
    }

    /** Returns the duration of the trial without a fault, checked. */
    Duration soak() {
        if (minutes < 0) {
            throw common.misuse("--minutes is at least 1");
        }
        return minutes > 0 ? Duration.ofMinutes(minutes) : common.shortRun() ? SHORT_SOAK : SOAK;
    }
}
