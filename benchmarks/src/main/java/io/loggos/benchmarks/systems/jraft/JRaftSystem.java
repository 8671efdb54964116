package io.loggos.benchmarks.systems.jraft;

import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** SOFAJRaft, as its users run it: its log in RocksDB, its replicator pipelined over Bolt. */
public final class JRaftSystem implements ReplicatedSystem {
    @Override
    public String name() {
        return "jraft";
    }

    @Override
    public String label() {
        return "SOFAJRaft";
    }

    @Override
    public String version() {
        return "SOFAJRaft " + Versions.of("jraft");
    }

    @Override
    public String durability() {
        return "RocksDBLogStorage with RaftOptions.sync on a majority: each batch of entries a synced write";
    }

    @Override
    public ReplicatedCluster open(Path directory) throws Exception {
        return JRaftCluster.open(directory);
    }
}
