package io.loggos.benchmarks.systems.ratis;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Apache Ratis, with its segmented log and its gRPC. */
public final class RatisSystem implements ReplicatedSystem {
    @Override
    public String name() {
        return "ratis";
    }

    @Override
    public String label() {
        return "Apache Ratis";
    }

    @Override
    public String version() {
        return "Apache Ratis " + Versions.of("ratis");
    }

    @Override
    public String durability() {
        return "segmented log, forced before the acknowledgement (unsafe-flush off) on a majority";
    }

    @Override
    public ReplicatedCluster open(Path directory) throws IOException {
        return RatisCluster.open(directory);
    }
}
