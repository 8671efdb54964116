package io.loggos.benchmarks.system.jgroups;

import io.loggos.benchmarks.system.Commits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JGroupsRaftSystemTest {
    @Test
    void allReplicasHoldWhatWasAcknowledged(@TempDir Path directory) throws Exception {
        Commits.check(new JGroupsRaftSystem(), directory);
    }
}
