package io.loggos.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportTest {
    @ParameterizedTest
    @EnumSource
    void comesBackFromTheForkedJvmAsItWas(Subject subject) {
        Report report = report(subject, 64, 1_000, 500, subject == Subject.COMMIT ? Boolean.FALSE : null);
        assertEquals(report, Report.of(report.toProperties()));
    }

    @Test
    void isOneJsonObject() {
        String json = report(Subject.COMMIT, 64, 1234.56, 500, true).toJson();
        assertTrue(
                json.startsWith("{\"system\": \"Loggos commit\", \"version\": \"loggos ")
                        && json.endsWith("\"inFlight\": 64, \"payloadBytes\": 256, \"opsPerSecond\": 1234.6,"
                                + " \"p50Micros\": 500.0, \"p99Micros\": 900.0, \"p999Micros\": 990.0,"
                                + " \"cpuMicrosPerOp\": 50.0, \"allocatedBytesPerOp\": 2000.0, \"errors\": 0,"
                                + " \"replicasAgree\": true, \"machine\": \"a \\\"big\\\" one\\u000a\","
                                + " \"jvm\": \"a JVM\"}"),
                json);
    }

    @Test
    void knowsTheVersionsOfThisBuild() {
        for (Subject subject : Subject.values()) {
            assertTrue(subject.version().matches("[a-z]+ [0-9]+\\..*"), subject.version());
        }
    }

    @Test
    void tableSetsTheCommitPathAgainstItsFloors() {
        List<String> lines = new ResultTable(List.of(
                        report(Subject.THREE_STORES, 1, 2_000, 100, null),
                        report(Subject.ROUND_TRIP, 1, 500, 150, null),
                        report(Subject.COMMIT, 1, 1_000, 500, true)))
                .lines();
        assertTrue(lines.get(2).startsWith("| RocksDB, three stores |"), lines::toString);
        assertRow(lines, "RocksDB, three stores ", "0.50 ×", "5.00 ×");
        assertRow(lines, "three stores + round trip", " ", "2.00 ×");
    }

    @Test
    void tableSaysWhichFiguresMeanNothing() {
        List<String> lines = new ResultTable(List.of(report(Subject.COMMIT, 64, 1_000, 500, false))).lines();
        assertTrue(lines.get(2).contains("REPLICAS DIFFER"), lines::toString);
    }

    private static void assertRow(List<String> lines, String floor, String... cells) {
        String row = lines.stream()
                .filter(line -> line.startsWith("|         1 | " + floor))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines.toString()));
        for (String cell : cells) {
            assertTrue(row.contains(cell), row);
        }
    }

    private static Report report(
            Subject subject, int inFlight, double opsPerSecond, double p50, @Nullable Boolean agree) {
        return new Report(
                subject, inFlight, 256, opsPerSecond, p50, 900, 990, 50, 2_000, 0, agree, "a \"big\" one\n", "a JVM");
    }
}
