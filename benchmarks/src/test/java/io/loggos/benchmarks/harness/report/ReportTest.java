package io.loggos.benchmarks.harness.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void comesBackFromTheForkedJvmAsItWas() {
        Report closed = Reports.closed(Reports.LOGGOS, 64, 1_000, 500);
        assertEquals(closed, Report.of(closed.toProperties()));
        Report floor = Reports.closed(Floors.STREAM, 64, 1_000, 500);
        assertEquals(floor, Report.of(floor.toProperties()));
        Report open = Reports.open(Reports.LOGGOS, 50_000, 17);
        assertEquals(open, Report.of(open.toProperties()));
    }

    @Test
    void isOneJsonObject() {
        assertEquals(
                "{\"system\": \"loggos\", \"version\": \"loggos 1.0\", \"durability\": \"on disk\", \"inFlight\": 64,"
                        + " \"payloadBytes\": 256, \"opsPerSecond\": 1234.6, \"p50Micros\": 500.0,"
                        + " \"p99Micros\": 1000.0, \"p999Micros\": 1500.0, \"cpuMicrosPerOp\": 50.0,"
                        + " \"allocatedBytesPerOp\": 2000.0, \"errors\": 0, \"replicasAgree\": true,"
                        + " \"machine\": \"a \\\"big\\\" one\\u000a\", \"jvm\": \"a JVM\"}",
                Reports.closed(Reports.LOGGOS, 64, 1234.56, 500).toJson());
    }

    @Test
    void anOpenLoopTellsWhatWasOfferedAndRefused() {
        String json = Reports.open(Reports.LOGGOS, 50_000, 17).toJson();
        assertTrue(json.contains("\"inFlight\": null, "), json);
        assertTrue(
                json.contains("\"offeredPerSecond\": 50000.0, \"refused\": 17, \"heapBeforeBytes\": 1048576,"
                        + " \"heapAfterBytes\": 2097152, "),
                json);
    }

    @Test
    void aJsonArrayHasALineForEach() {
        assertEquals("[]\n", JsonObject.array(List.of()));
        assertEquals("[\n  {},\n  {}\n]\n", JsonObject.array(List.of("{}", "{}")));
        assertEquals("{\"a\": null}", new JsonObject().number("a", Double.NaN).end());
    }

    @Test
    void knowsTheVersionsOfThisBuild() {
        for (Subject floor : Floors.ALL) {
            assertTrue(floor.version().matches("[a-z]+ [0-9]+\\..*"), floor.version());
        }
    }

    @Test
    void aFaultIsNeverPassedOver() {
        Report differ = Reports.withFaults(Reports.closed(Reports.LOGGOS, 64, 1_000, 500), 0, false);
        Report failed = Reports.withFaults(differ, 3, true);
        assertFalse(differ.sound());
        assertFalse(failed.sound());
        assertTrue(differ.summary().contains("REPLICAS DIFFER"), differ::summary);
        assertTrue(failed.summary().contains("3 errors"), failed::summary);
        List<String> lines = new ResultTable(List.of(differ)).lines();
        assertTrue(lines.stream().anyMatch(line -> line.contains("REPLICAS DIFFER")), lines::toString);
    }

    @Test
    void tableSetsLoggosAgainstFloorsAndPeersOfTheSameSetting() {
        List<String> lines = new ResultTable(List.of(
                        Reports.closed(Floors.THREE_STORES, 1, 2_000, 100),
                        Reports.closed(Floors.ROUND_TRIP, 1, 500, 150),
                        Reports.closed(Reports.LOGGOS, 1, 1_000, 500),
                        Reports.closed(Reports.PEER, 1, 4_000, 2_000),
                        Reports.closed(Reports.PEER, 64, 9_000, 9_000)))
                .lines();
        assertRow(lines, "| RocksDB, three stores ", "0.50 ×", "5.00 ×");
        assertRow(lines, "| three stores + round trip ", "2.00 ×");
        assertRow(lines, "| A peer ", "0.25 ×", "0.25 ×");
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("| A peer ") && line.contains("×"))
                        .count());
    }

    private static void assertRow(List<String> lines, String start, String... cells) {
        String row = lines.stream()
                .filter(line -> line.contains(start) && line.contains("×"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines.toString()));
        for (String cell : cells) {
            assertTrue(row.contains(cell), row);
        }
    }
}
