package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.api.OverloadedException;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** Loggos in three processes: the leader in this one, and each other node in a JVM of its own. */
public final class LoggosProcessesSystem implements ReplicatedSystem {
    @Override
    public Subject subject() {
        return Subject.loggos(
                "loggos-processes",
                "Loggos, three processes",
                "synced in RocksDB on a majority of three stores, in three processes");
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof OverloadedException;
    }

    @Override
    public ReplicatedCluster open(Path directory) {
        return LoggosProcesses.open(directory);
    }
}
