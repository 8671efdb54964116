package io.loggos.benchmarks.system.processes;

import io.loggos.benchmarks.system.Commits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggosProcessesSystemTest {
    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Commits.check(new LoggosProcessesSystem(), directory);
    }
}
