package io.loggos.benchmarks.systems.jgroupsraft;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** jgroups-raft on JGroups over TCP, with the log in its file. */
public final class JGroupsRaftSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.system(
                "jgroups-raft",
                "jgroups-raft",
                "jgroups-raft " + Versions.of("jgroups-raft"),
                "FileBasedLog with log_use_fsync on a majority: each batch of entries written and forced");
    }

    @Override
    public ReplicatedCluster open(Path directory) throws Exception {
        return JGroupsRaftCluster.open(directory);
    }
}
