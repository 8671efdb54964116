package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** MicroRaft, with a network and a disk written for this measurement. */
public final class MicroRaftSystem implements ReplicatedSystem {
    @Override
    public String name() {
        return "microraft";
    }

    @Override
    public String label() {
        return "MicroRaft";
    }

    @Override
    public String version() {
        return "MicroRaft " + Versions.of("microraft");
    }

    @Override
    public String durability() {
        return "RaftStore.flush on a majority before the commit: a file written for this measurement,"
                + " appended to and forced (fdatasync)";
    }

    @Override
    public ReplicatedCluster open(Path directory) throws Exception {
        return MicroRaftCluster.open(directory);
    }
}
