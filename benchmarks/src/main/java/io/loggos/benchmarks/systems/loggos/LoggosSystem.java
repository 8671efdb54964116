package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.OverloadedException;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import java.nio.file.Path;

/** Three nodes of Loggos in this JVM. */
public final class LoggosSystem implements ReplicatedSystem {
    private final ReplicaOptions options;
    private final TimingOptions timing;

    /** Creates the system with default options. */
    public LoggosSystem() {
        this(ReplicaOptions.defaults());
    }

    /** Creates the system with other options for the log. */
    public LoggosSystem(ReplicaOptions options) {
        this(options, TimingOptions.defaults());
    }

    /** Creates the system with other options for the log, and for the intervals of the nodes. */
    public LoggosSystem(ReplicaOptions options, TimingOptions timing) {
        this.options = options;
        this.timing = timing;
    }

    @Override
    public Subject subject() {
        return Subject.loggos(Subject.LOGGOS, "Loggos", "synced in RocksDB on a majority of three stores");
    }

    @Override
    public boolean refuses(Throwable failure) {
        return failure instanceof OverloadedException;
    }

    @Override
    public LoggosCluster open(Path directory) {
        return LoggosCluster.open(directory, options, node -> node.timing(timing));
    }
}
