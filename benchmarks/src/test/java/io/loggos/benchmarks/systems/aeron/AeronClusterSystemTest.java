package io.loggos.benchmarks.systems.aeron;

import io.loggos.benchmarks.systems.consensus.Commits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeronClusterSystemTest {
    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Commits.check(new AeronClusterSystem(), directory);
    }
}
