package io.loggos.benchmarks.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.Command;
import io.loggos.api.ReadResult;
import io.loggos.api.Slot;
import io.loggos.benchmarks.report.Report;
import io.loggos.benchmarks.report.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitWorkloadTest {
    private static final int IN_FLIGHT = 16;
    private static final int COMMANDS = 300;
    private static final int PAYLOAD_BYTES = 256;

    @Test
    void reportsWhatItMeasured(@TempDir Path directory) {
        Measurement measurement = new Measurement();
        Report report;
        try (CommitWorkload workload = new CommitWorkload(directory, IN_FLIGHT, PAYLOAD_BYTES, measurement)) {
            workload.begin();
            measurement.start();
            for (int i = 0; i < COMMANDS; i++) {
                workload.step();
            }
            measurement.stop();
            workload.end();
            report = measurement.report(
                    Subject.COMMIT, IN_FLIGHT, PAYLOAD_BYTES, 1, workload.verify(), "a machine", "a JVM");
        }
        assertTrue(report.sound(), report::toString);
        assertEquals(true, report.replicasAgree());
        assertTrue(report.p50Micros() > 0, report::toString);
        assertTrue(report.p99Micros() >= report.p50Micros(), report::toString);
        assertTrue(report.p999Micros() >= report.p99Micros(), report::toString);
        assertTrue(report.cpuMicrosPerOp() > 0, report::toString);
        // Each command is held at least once by each of the two that got it over the network.
        assertTrue(report.allocatedBytesPerOp() > 2 * PAYLOAD_BYTES, report::toString);
    }

    @Test
    void sumsUpStretchesAndLeavesOutWhatIsBetweenThem() {
        Measurement measurement = new Measurement();
        measurement.completed(1_000, 7);
        measurement.start();
        measurement.completed(2_000_000, 3);
        measurement.stop();
        measurement.completed(1_000, 7);
        measurement.start();
        measurement.completed(4_000_000, 3);
        measurement.stop();
        Report report = measurement.report(Subject.THREE_STORES, 1, 1, 3, null, "", "");
        assertEquals(2_000, report.p50Micros(), 2);
        assertEquals(4_000, report.p99Micros(), 4);
        assertTrue(report.sound());
    }

    @Test
    void aFailureMakesTheReportUnsound() {
        Measurement measurement = new Measurement();
        ClosedLoop loop = new ClosedLoop(
                2,
                operation -> {
                    throw new IllegalStateException("no");
                },
                measurement);
        loop.begin();
        measurement.start();
        loop.step();
        measurement.stop();
        loop.end();
        Report report = measurement.report(Subject.COMMIT, 2, 1, 1, true, "", "");
        assertEquals(3, report.errors());
        assertEquals(0, loop.succeeded());
        assertFalse(report.sound());
    }

    @Test
    void replicasThatAppliedInAnotherOrderDoNotAgree() {
        List<ReadResult<HashingStateMachine.State>> same = List.of(applied("a", "b"), applied("a", "b"));
        assertTrue(CommitWorkload.agree(same, 2, true));
        assertFalse(CommitWorkload.agree(List.of(applied("a", "b"), applied("b", "a")), 2, true));
        assertFalse(CommitWorkload.agree(List.of(applied("a", "b"), applied("a")), 1, false));
        // One that was acknowledged is missing everywhere; then one is there that nobody was told of.
        assertFalse(CommitWorkload.agree(same, 3, false));
        assertFalse(CommitWorkload.agree(same, 1, true));
        assertTrue(CommitWorkload.agree(same, 1, false));
    }

    @Test
    void theStateComesBackFromACheckpoint(@TempDir Path directory) throws Exception {
        HashingStateMachine machine = new HashingStateMachine();
        machine.apply(new Command(Slot.of(1), Instant.EPOCH, Bytes.utf8("a")));
        HashingStateMachine.State before = machine.state();
        var writer = machine.checkpoint();
        machine.apply(new Command(Slot.of(2), Instant.EPOCH, Bytes.utf8("b")));
        writer.writeTo(directory);
        HashingStateMachine restored = new HashingStateMachine();
        restored.restore(directory);
        assertEquals(before, restored.state());
    }

    private static ReadResult<HashingStateMachine.State> applied(String... commands) {
        HashingStateMachine machine = new HashingStateMachine();
        List<Slot> slots = new ArrayList<>(List.of(Slot.ZERO));
        for (String command : commands) {
            slots.add(Slot.of(slots.size()));
            machine.apply(new Command(slots.get(slots.size() - 1), Instant.EPOCH, Bytes.utf8(command)));
        }
        return new ReadResult<>(slots.get(slots.size() - 1), Duration.ZERO, machine.state());
    }
}
