package io.loggos.benchmarks.systems.consensus;

import io.loggos.benchmarks.harness.report.Subject;
import java.nio.file.Path;

/** A library that keeps a log of commands on several replicas. */
public interface ReplicatedSystem {
    /** What {@code --systems} calls it: lower case, no blanks. */
    String name();

    /** Its name in tables and plots. */
    String label();

    /** The library and its version, as in this build. */
    String version();

    /** What has become durable, and how, when a command is over; in the system's own words. */
    String durability();

    /**
     * Whether an operation that failed with this was refused because there was too much to do. Asked in the open loop
     * only; unless a system tells, any failure there is taken for that.
     */
    default boolean refuses(Throwable failure) {
        return true;
    }

    /** Itself, as records tell of it. */
    default Subject subject() {
        return Subject.system(name(), label(), version(), durability());
    }

    /**
     * Opens three replicas of one log and returns once a command was applied.
     *
     * @param directory an empty directory on the disk that is to be measured
     */
    ReplicatedCluster open(Path directory) throws Exception;
}
