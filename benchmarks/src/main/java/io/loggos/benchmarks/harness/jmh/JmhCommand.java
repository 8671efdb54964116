package io.loggos.benchmarks.harness.jmh;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.cli.LoadOptions;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.report.Report;
import java.io.IOException;
import java.util.List;

/** Common part of the commands that run JMH. */
public final class JmhCommand {
    private JmhCommand() {}

    /** Runs the benchmarks, prints and writes the results, and returns the exit code. */
    public static int run(List<JmhRuns.Run> runs, LoadOptions load, CommonOptions common) throws IOException {
        try (DataDirectory data = common.openData()) {
            JmhRuns all = new JmhRuns(data.path(), common.shortRun(), load.warmUpSecondsOr(0));
            all.run(runs);
            common.publish(all.reports());
            all.failures().forEach(failure -> System.err.println("bench: FAILED: " + failure));
            boolean sound = all.failures().isEmpty() && all.reports().stream().allMatch(Report::sound);
            return sound ? 0 : 1;
        }
    }
}
