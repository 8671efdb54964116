package io.loggos.benchmarks.systems.jraft;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** SOFAJRaft in its usual form: its log in RocksDB, its replicator pipelined over Bolt. */
public final class JRaftSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.system(
                "jraft",
                "SOFAJRaft",
                "SOFAJRaft " + Versions.of("jraft"),
                "RocksDBLogStorage with RaftOptions.sync on a majority: each batch of entries a synced write");
    }

    @Override
    public ReplicatedCluster open(Path directory) throws Exception {
        return JRaftCluster.open(directory);
    }
}
