package io.loggos.benchmarks.system.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.system.CommitWorkload;
import io.loggos.benchmarks.workload.ClosedLoop;
import io.loggos.benchmarks.workload.Measurement;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisSystemTest {
    private static final int IN_FLIGHT = 16;
    private static final int COMMANDS = 200;
    private static final int PAYLOAD_BYTES = 256;

    private final Measurement measurement = new Measurement();

    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        ClosedLoop[] loop = new ClosedLoop[1];
        try (CommitWorkload workload =
                new CommitWorkload(new RatisSystem(), directory, PAYLOAD_BYTES, measurement, work -> {
                    loop[0] = new ClosedLoop(IN_FLIGHT, work, measurement);
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
        assertEquals(0, measurement.errors(), () -> String.valueOf(measurement.firstError()));
    }
}
