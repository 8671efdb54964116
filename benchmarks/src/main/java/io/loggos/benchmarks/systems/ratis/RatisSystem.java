package io.loggos.benchmarks.systems.ratis;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Apache Ratis, with its segmented log and its gRPC. */
public final class RatisSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.system(
                "ratis",
                "Apache Ratis",
                "Apache Ratis " + Versions.of("ratis"),
                "segmented log, forced before the acknowledgement (unsafe-flush off) on a majority");
    }

    @Override
    public ReplicatedCluster open(Path directory) throws IOException {
        return RatisCluster.open(directory);
    }
}
