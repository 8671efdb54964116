package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.report.Report;
import java.util.Properties;

/**
 * Result with snapshots, or without.
 *
 * @param load report on the puts
 * @param snapshots true if snapshots were taken meanwhile
 * @param stateBytes size of the smallest replica of the store at the start of the measurement
 */
record SnapshotReport(Report load, boolean snapshots, long stateBytes, SnapshotTimes times) {
    /** Tells if the figures are valid. */
    boolean sound() {
        return fault().isEmpty();
    }

    /** Returns the fault; empty if the report is sound. */
    String fault() {
        if (!load.sound()) {
            return load.fault();
        }
        if (times.failed() > 0) {
            return times.failed() + " snapshots failed";
        }
        return snapshots && times.taken() == 0 ? "no snapshot taken" : "";
    }

    /** Returns one JSON object, in one line. */
    String toJson() {
        return times.addTo(load.json().truth("snapshots", snapshots).number("stateBytes", stateBytes))
                .end();
    }

    /** Returns the properties that the forked JVM hands to the one that collects. */
    Properties toProperties() {
        Properties properties = load.toProperties();
        properties.setProperty("snapshots", Boolean.toString(snapshots));
        properties.setProperty("stateBytes", Long.toString(stateBytes));
        times.addTo(properties);
        return properties;
    }

    /** Reads {@link #toProperties} back. */
    static SnapshotReport of(Properties properties) {
        return new SnapshotReport(
                Report.of(properties),
                Boolean.parseBoolean(properties.getProperty("snapshots")),
                Long.parseLong(properties.getProperty("stateBytes")),
                SnapshotTimes.of(properties));
    }
}
