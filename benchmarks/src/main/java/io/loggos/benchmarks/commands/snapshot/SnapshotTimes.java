package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.report.JsonObject;
import java.util.Properties;

/**
 * Counts and times of the snapshots of a measurement.
 *
 * @param due number of snapshots that were due; those neither taken nor failed were left out, since the last was still
 *     under way
 * @param taken number of snapshots that were complete and verified, on all nodes
 * @param failed number of snapshots that were not, within their deadline
 * @param firstMillis longest time of a snapshot that began before the clocks ran, as the first after a while without
 *     any
 * @param p50Millis median time from the call to the complete snapshot, of those taken; not a number if there are none,
 *     as is the next
 */
record SnapshotTimes(long due, long taken, long failed, double firstMillis, double p50Millis, double p99Millis) {
    /** Result of a measurement without snapshots. */
    static final SnapshotTimes NONE = new SnapshotTimes(0, 0, 0, Double.NaN, Double.NaN, Double.NaN);

    /** Adds the figures to a record. */
    JsonObject addTo(JsonObject record) {
        return record.number("snapshotsDue", due)
                .number("snapshotsTaken", taken)
                .number("snapshotsFailed", failed)
                .number("firstSnapshotMillis", firstMillis)
                .number("snapshotMillisP50", p50Millis)
                .number("snapshotMillisP99", p99Millis);
    }

    /** Adds the figures to the properties that the forked JVM hands over. */
    void addTo(Properties properties) {
        properties.setProperty("snapshotsDue", Long.toString(due));
        properties.setProperty("snapshotsTaken", Long.toString(taken));
        properties.setProperty("snapshotsFailed", Long.toString(failed));
        properties.setProperty("firstSnapshotMillis", Double.toString(firstMillis));
        properties.setProperty("snapshotMillisP50", Double.toString(p50Millis));
        properties.setProperty("snapshotMillisP99", Double.toString(p99Millis));
    }

    /** Reads {@link #addTo(Properties)} back. */
    static SnapshotTimes of(Properties properties) {
        return new SnapshotTimes(
                Long.parseLong(properties.getProperty("snapshotsDue")),
                Long.parseLong(properties.getProperty("snapshotsTaken")),
                Long.parseLong(properties.getProperty("snapshotsFailed")),
                Double.parseDouble(properties.getProperty("firstSnapshotMillis")),
                Double.parseDouble(properties.getProperty("snapshotMillisP50")),
                Double.parseDouble(properties.getProperty("snapshotMillisP99")));
    }
}
