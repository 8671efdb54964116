package io.loggos.benchmarks.harness.trial;

import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.process.TrialFailure;
import java.nio.file.Path;
import picocli.CommandLine.ExitCode;

/** Runs a trial in a directory that is deleted afterwards, and publishes its findings. */
public final class Trial {
    /** Body of a trial. */
    @FunctionalInterface
    public interface Body {
        /** Runs the trial in an empty directory, and reports. */
        void run(Path directory, TrialReport report) throws Exception;
    }

    private Trial() {}

    /** Runs a trial and returns the exit code. */
    public static int run(CommonOptions options, Body body) throws Exception {
        try (DataDirectory data = options.openData()) {
            TrialReport report = new TrialReport(Machine.describe(data.path()), "loggos " + Versions.of("loggos"));
            try {
                body.run(data.path(), report);
            } catch (TrialFailure e) {
                report.fault(String.valueOf(e.getMessage()));
            }
            options.publish(report.lines(), report.toJson());
            return report.sound() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
