package io.loggos.benchmarks.commands.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Subject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SnapshotCommandTest {
    private static final SnapshotTimes TIMES = new SnapshotTimes(40, 40, 0, 900, 120.5, 310);

    @Test
    void aGibibyteAndASecondUnlessOthersAreAskedFor() {
        assertEquals(new SnapshotSettings(1 << 30, Duration.ofSeconds(1), 64, 256, 20, 10, 10), parse(""));
        assertEquals(1 << 30, parse("--short").stateBytes());
        assertEquals(4, parse("--short").pairs());
        assertEquals(2, parse("--short --pairs 2").pairs());
        assertEquals(0, parse("--state-bytes 0").stateBytes());
    }

    @Test
    void settingsArePassedOn() {
        SnapshotSettings settings =
                parse("--state-bytes 5000000000 --every 500 --in-flight 7 --payload 16 --pairs 3 --short");
        assertEquals(settings, SnapshotSettings.parse(settings.toArguments()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--state-bytes -1",
                "--state-bytes much",
                "--state-bytes 1000000000000000",
                "--every 0",
                "--in-flight 0",
                "--in-flight 100000",
                "--payload 0",
                "--payload 2000000",
                "--payload 1000000 --in-flight 64",
                "--pairs -1",
                "--systems loggos"
            })
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> parse(line));
    }

    @Test
    void reportsArePassedOn() {
        SnapshotReport without = report(false, 50_000, 2_000, SnapshotTimes.NONE);
        SnapshotReport with = report(true, 49_000, 2_100, TIMES);
        assertEquals(without, SnapshotReport.of(without.toProperties()));
        assertEquals(with, SnapshotReport.of(with.toProperties()));
    }

    @Test
    void aRecordSaysWhetherSnapshotsWereTaken() {
        String with = report(true, 49_000, 2_100, TIMES).toJson();
        assertTrue(with.startsWith("{\"system\": \"loggos\", "), with);
        assertTrue(
                with.endsWith("\"opsPerSecond\": 49000.0, \"p50Micros\": 700.0, \"p99Micros\": 2100.0,"
                        + " \"p999Micros\": 9000.0, \"cpuMicrosPerOp\": 20.0, \"allocatedBytesPerOp\": 1500.0,"
                        + " \"errors\": 0, \"replicasAgree\": true, \"machine\": \"a machine\", \"jvm\": \"a JVM\","
                        + " \"snapshots\": true, \"stateBytes\": 1200000000, \"snapshotsDue\": 40,"
                        + " \"snapshotsTaken\": 40, \"snapshotsFailed\": 0, \"firstSnapshotMillis\": 900.0, \"snapshotMillisP50\": 120.5,"
                        + " \"snapshotMillisP99\": 310.0}"),
                with);
        String without = report(false, 50_000, 2_000, SnapshotTimes.NONE).toJson();
        assertTrue(
                without.endsWith("\"snapshots\": false, \"stateBytes\": 1200000000, \"snapshotsDue\": 0,"
                        + " \"snapshotsTaken\": 0, \"snapshotsFailed\": 0, \"firstSnapshotMillis\": null, \"snapshotMillisP50\": null,"
                        + " \"snapshotMillisP99\": null}"),
                without);
    }

    @Test
    void withoutACompleteSnapshotItIsNotSound() {
        assertTrue(report(false, 50_000, 2_000, SnapshotTimes.NONE).sound());
        assertTrue(report(true, 50_000, 2_000, TIMES).sound());
        assertFalse(report(true, 50_000, 2_000, SnapshotTimes.NONE).sound());
        assertEquals(
                "1 snapshots failed",
                report(true, 50_000, 2_000, new SnapshotTimes(40, 39, 1, 900, 100, 200))
                        .fault());
    }

    @Test
    void theRatiosStandAgainstTheirBounds() {
        assertEquals(
                List.of("98.0 | ≥ 95 |", "105.0 | ≤ 120 |", "100.0 | ≥ 100 |"),
                bounds(report(true, 49_000, 2_100, TIMES)));
        assertEquals(
                List.of("94.8 | ≥ 95 | MISSED |", "120.5 | ≤ 120 | MISSED |", "75.0 | ≥ 100 | MISSED |"),
                bounds(report(true, 47_400, 2_410, new SnapshotTimes(40, 30, 0, 900, 1_100, 1_900))));
    }

    /** Returns the text after the name of each ratio. */
    private static List<String> bounds(SnapshotReport with) {
        SnapshotReport without = report(false, 50_000, 2_000, SnapshotTimes.NONE);
        return new SnapshotTable(without, with, parse(""))
                .lines().stream()
                        .filter(line -> line.contains("≥") || line.contains("≤"))
                        .map(line -> line.replaceAll(" +", " ").replaceAll("\\| \\|$", "|"))
                        .map(line -> line.substring(line.indexOf('|', 1) + 2))
                        .toList();
    }

    private static SnapshotReport report(boolean snapshots, double perSecond, double p99, SnapshotTimes times) {
        Report load = new Report(
                Subject.system("loggos", snapshots ? "with" : "without", "loggos 1.0", "on disk"),
                64,
                256,
                new Figures(perSecond, 700, p99, 9_000, 20, 1_500),
                0,
                true,
                null,
                null,
                "a machine",
                "a JVM");
        return new SnapshotReport(load, snapshots, 1_200_000_000, times);
    }

    private static SnapshotSettings parse(String line) {
        SnapshotCommand command = new SnapshotCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.settings();
    }
}
