package io.loggos.benchmarks.harness.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {
    @Test
    void aBoundHoldsUpToItsLimit() {
        assertTrue(Bound.atMost(2).holds(2));
        assertFalse(Bound.atMost(2).holds(2.01));
        assertTrue(Bound.atLeast(90).holds(90));
        assertFalse(Bound.atLeast(90).holds(89.9));
    }

    @Test
    void whatIsNoNumberKeepsToNoBound() {
        assertFalse(Bound.atMost(2).holds(Double.NaN));
        assertFalse(Bound.atLeast(2).holds(Double.NaN));
    }

    @Test
    void rowsSayWhichBoundWasMissed() {
        assertEquals(
                List.of("soak", "60 s", "longestGapMillis", "1,234.6", "≤ 250", "MISSED"),
                new Finding("soak", "60 s", "longestGapMillis", 1234.56, Bound.atMost(250)).row());
        assertEquals(
                List.of("soak", "60 s", "checkpoints", "3.0", "≥ 2", ""),
                new Finding("soak", "60 s", "checkpoints", 3, Bound.atLeast(2)).row());
    }

    @Test
    void theRecordIsOneObject() {
        assertEquals(
                "{\"what\": \"soak\", \"setting\": \"60 s\", \"figure\": \"longestGapMillis\", \"value\": 12.0,"
                        + " \"bound\": \"≤ 250\", \"holds\": true}",
                new Finding("soak", "60 s", "longestGapMillis", 12, Bound.atMost(250))
                        .toJson()
                        .end());
        assertEquals(
                "{\"what\": \"logs\", \"setting\": \"1 log\", \"figure\": \"threads\", \"value\": 32.0,"
                        + " \"bound\": null, \"holds\": null}",
                Finding.of("logs", "1 log", "threads", 32).toJson().end());
    }

    @Test
    void aReportIsUnsoundWithAFaultButNotWithAMissedBound() {
        TrialReport report = new TrialReport("a machine", "loggos 1");
        report.ranIn("a JVM");
        report.add(new Finding("soak", "60 s", "longestGapMillis", 1000, Bound.atMost(250)));
        assertTrue(report.sound());
        assertTrue(
                report.toJson().contains("\"machine\": \"a machine\", \"jvm\": \"a JVM\", \"version\": \"loggos 1\""));
        report.fault("a command is lost");
        assertFalse(report.sound());
        assertTrue(report.lines().contains("FAULT: a command is lost"));
    }
}
