package io.loggos.benchmarks.systems.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import java.nio.file.Path;

/** A small run of the commit path, for the test of any system. */
public final class Commits {
    private static final int COMMANDS = 200;
    private static final int IN_FLIGHT = 16;
    private static final int PAYLOAD_BYTES = 256;

    private Commits() {}

    /** Some hundred commands, all acknowledged, all with all replicas, and none that nobody has given. */
    public static void check(ReplicatedSystem system, Path directory) throws Exception {
        Measurement measurement = new Measurement();
        ClosedLoop[] loop = new ClosedLoop[1];
        try (CommitWorkload workload = new CommitWorkload(system, directory, PAYLOAD_BYTES, measurement, work -> {
            loop[0] = new ClosedLoop(IN_FLIGHT, work, measurement);
            return loop[0];
        })) {
            workload.begin();
            measurement.start();
            for (int i = 0; i < COMMANDS; i++) {
                workload.step();
            }
            measurement.stop();
            workload.end();
            assertNull(measurement.firstError());
            assertTrue(loop[0].succeeded() >= COMMANDS);
            assertTrue(workload.verify());
        }
        assertEquals(0, measurement.errors(), () -> String.valueOf(measurement.firstError()));
    }
}
