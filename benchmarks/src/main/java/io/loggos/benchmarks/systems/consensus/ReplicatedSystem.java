package io.loggos.benchmarks.systems.consensus;

import io.loggos.benchmarks.harness.report.MeasuredSystem;
import java.nio.file.Path;

/** Library that keeps a log of commands on several replicas. */
public interface ReplicatedSystem extends MeasuredSystem {
    /**
     * Tells if an operation that failed with this was refused because of overload. Only the open loop asks. By default
     * every failure there counts as a refusal.
     */
    default boolean refuses(Throwable failure) {
        return true;
    }

    /**
     * Opens three replicas of one log and returns once a command was applied.
     *
     * @param directory an empty directory on the disk that is to be measured
     */
    ReplicatedCluster open(Path directory) throws Exception;
}
