package io.loggos.benchmarks.commands.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Settings of the measurement.
 *
 * @param stateBytes bytes that are put into the store beforehand
 * @param every time from the start of a snapshot to that of the next
 * @param inFlight puts under way at any time
 * @param payloadBytes bytes of the value of each put
 * @param warmUpSeconds seconds of warm-up without snapshots, and the same with them
 * @param pairs number of pairs of stretches, one without snapshots and one with them
 * @param stretchSeconds seconds of each stretch
 */
record SnapshotSettings(
        long stateBytes,
        Duration every,
        int inFlight,
        int payloadBytes,
        int warmUpSeconds,
        int pairs,
        int stretchSeconds) {
    private static final int ARGUMENTS = 7;

    List<String> toArguments() {
        return List.of(
                Long.toString(stateBytes),
                Long.toString(every.toMillis()),
                Integer.toString(inFlight),
                Integer.toString(payloadBytes),
                Integer.toString(warmUpSeconds),
                Integer.toString(pairs),
                Integer.toString(stretchSeconds));
    }

    static SnapshotSettings parse(List<String> arguments) {
        if (arguments.size() != ARGUMENTS) {
            throw new IllegalArgumentException("not the settings of a measurement: " + arguments);
        }
        return new SnapshotSettings(
                Long.parseLong(arguments.get(0)),
                Duration.ofMillis(Long.parseLong(arguments.get(1))),
                Integer.parseInt(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)),
                Integer.parseInt(arguments.get(6)));
    }

    /** Returns the settings as text for a table. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%,d in flight of %,d B, %,d MiB put beforehand, a snapshot every %,d ms; of each side %d times %d s",
                inFlight,
                payloadBytes,
                stateBytes >> 20,
                every.toMillis(),
                pairs,
                stretchSeconds);
    }
}
