package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.benchmarks.systems.consensus.Commits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggosProcessesSystemTest {
    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Commits.check(new LoggosProcessesSystem(), directory);
    }
}
