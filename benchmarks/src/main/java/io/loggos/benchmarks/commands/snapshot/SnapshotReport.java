package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.report.Report;
import java.util.Properties;

/**
 * What was found with snapshots, or without.
 *
 * @param load what became of the puts
 * @param snapshots whether snapshots were taken meanwhile
 * @param stateBytes what the smallest replica of the store held when the measuring began
 */
record SnapshotReport(Report load, boolean snapshots, long stateBytes, SnapshotTimes times) {
    /** Whether the figures mean anything. */
    boolean sound() {
        return fault().isEmpty();
    }

    /** What is wrong with it; empty if it is sound. */
    String fault() {
        if (!load.sound()) {
            return load.fault();
        }
        if (times.failed() > 0) {
            return times.failed() + " snapshots failed";
        }
        return snapshots && times.taken() == 0 ? "no snapshot taken" : "";
    }

    /** One JSON object, in one line. */
    String toJson() {
        return times.addTo(load.json().truth("snapshots", snapshots).number("stateBytes", stateBytes))
                .end();
    }

    /** The form in which the forked JVM hands it to the one that gathers. */
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
