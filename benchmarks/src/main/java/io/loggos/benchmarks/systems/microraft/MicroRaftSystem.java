package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** MicroRaft, with a network and a disk written for this measurement. */
public final class MicroRaftSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.system(
                "microraft",
                "MicroRaft",
                "MicroRaft " + Versions.of("microraft"),
                "RaftStore.flush on a majority before the commit: a file written for this measurement,"
                        + " appended to and forced (fdatasync)");
    }

    @Override
    public ReplicatedCluster open(Path directory) throws Exception {
        return MicroRaftCluster.open(directory);
    }
}
