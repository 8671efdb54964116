package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.api.OverloadedException;
import io.loggos.benchmarks.harness.machine.Versions;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.io.IOException;
import java.nio.file.Path;

/** Loggos in three processes: the node that leads in this one, each of the others in a JVM of its own. */
public final class LoggosProcessesSystem implements ReplicatedSystem {
    @Override
    public String name() {
        return "loggos-processes";
    }

    @Override
    public String label() {
        return "Loggos, three processes";
    }

    @Override
    public String version() {
        return "loggos " + Versions.of("loggos");
    }

    @Override
    public String durability() {
        return "synced in RocksDB on a majority of three stores, in three processes";
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof OverloadedException;
    }

    @Override
    public ReplicatedCluster open(Path directory) throws IOException {
        return LoggosProcesses.open(directory);
    }
}
