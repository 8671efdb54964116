package io.loggos.benchmarks.systems.aeron;

import io.aeron.cluster.client.AeronClusterVersion;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Aeron Cluster, with its archive. */
public final class AeronClusterSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.system(
                "aeron",
                "Aeron Cluster",
                "Aeron Cluster " + new AeronClusterVersion(),
                "file sync level 1: the archive forces each block of the log, on a majority, before it counts");
    }

    @Override
    public ReplicatedCluster open(Path directory) throws IOException {
        return AeronReplicas.open(directory);
    }
}
