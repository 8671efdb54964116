package io.loggos.benchmarks.system.aeron;

import io.loggos.benchmarks.system.Commits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeronClusterSystemTest {
    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Commits.check(new AeronClusterSystem(), directory);
    }
}
