package io.loggos.benchmarks.systems.loggos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.Slot;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.workload.Clock;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.OpenLoop;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.CommitWorkload;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggosSystemTest {
    private static final int COMMANDS = 300;
    private static final int PAYLOAD_BYTES = 256;

    private final Measurement measurement = new Measurement();

    @Test
    void theCommitPathIsMeasured(@TempDir Path directory) throws Exception {
        ClosedLoop[] loop = new ClosedLoop[1];
        try (CommitWorkload workload =
                new CommitWorkload(new LoggosSystem(), directory, PAYLOAD_BYTES, measurement, work -> {
                    loop[0] = new ClosedLoop(16, work, measurement);
                    return loop[0];
                })) {
            workload.begin();
            measurement.start();
            while (loop[0].succeeded() < COMMANDS) {
                workload.step();
            }
            measurement.stop();
            workload.end();
            assertTrue(workload.verify());
        }
        assertEquals(0, measurement.errors());
        Figures figures = measurement.figures(1);
        assertTrue(figures.p50Micros() > 0, figures::toString);
        assertTrue(figures.p99Micros() >= figures.p50Micros(), figures::toString);
        assertTrue(figures.p999Micros() >= figures.p99Micros(), figures::toString);
        assertTrue(figures.cpuMicrosPerOp() > 0, figures::toString);
        // Each command is held at least once by each of the two that got it over the network.
        assertTrue(figures.allocatedBytesPerOp() > 2 * PAYLOAD_BYTES, figures::toString);
    }

    /** Far more is due than so little room can hold: some of it is refused, and what is accepted is applied. */
    @Test
    void whatIsTooMuchIsRefusedAndNothingIsLost(@TempDir Path directory) throws Exception {
        int pendingBytes = 4 * PAYLOAD_BYTES;
        LoggosSystem system = new LoggosSystem(ReplicaOptions.builder()
                .maxCommandBytes(PAYLOAD_BYTES)
                .maxPendingBytes(pendingBytes)
                .overloadPolicy(OverloadPolicy.FAIL_FAST)
                .build());
        OpenLoop[] loop = new OpenLoop[1];
        try (CommitWorkload workload = new CommitWorkload(system, directory, PAYLOAD_BYTES, measurement, work -> {
            loop[0] = new OpenLoop(1e9, work, measurement, system::refuses, Clock.SYSTEM);
            return loop[0];
        })) {
            workload.begin();
            measurement.start();
            while (loop[0].succeeded() < COMMANDS || measurement.refused() == 0) {
                workload.step();
            }
            measurement.stop();
            workload.end();
            assertTrue(workload.verify());
        }
        assertEquals(0, measurement.errors());
    }

    @Test
    void anUnknownOutcomeIsNoRefusal() {
        LoggosSystem system = new LoggosSystem();
        assertTrue(system.refuses(new OverloadedException("full")));
        assertEquals(false, system.refuses(new OutcomeUnknownException("late")));
    }

    @Test
    void theStateComesBackFromACheckpoint(@TempDir Path directory) throws Exception {
        HashingStateMachine machine = new HashingStateMachine();
        machine.apply(new Command(Slot.of(1), Instant.EPOCH, Bytes.utf8("a")));
        CommandHash.Value before = machine.state();
        var writer = machine.checkpoint();
        machine.apply(new Command(Slot.of(2), Instant.EPOCH, Bytes.utf8("b")));
        writer.writeTo(directory);
        HashingStateMachine restored = new HashingStateMachine();
        restored.restore(directory);
        assertEquals(before, restored.state());
    }
}
