package io.loggos.benchmarks.commands.soak;

import io.loggos.api.replica.ReplicaOptions;
import java.time.Duration;
import java.util.List;

/**
 * Settings of a soak.
 *
 * @param checkpointBytes applied bytes after which a checkpoint is taken
 */
record SoakSettings(int seconds, int inFlight, int payloadBytes, Duration electionTimeout, long checkpointBytes) {
    private static final int ARGUMENTS = 5;

    List<String> toArguments() {
        return List.of(
                Integer.toString(seconds),
                Integer.toString(inFlight),
                Integer.toString(payloadBytes),
                Long.toString(electionTimeout.toMillis()),
                Long.toString(checkpointBytes));
    }

    static SoakSettings parse(List<String> arguments) {
        if (arguments.size() != ARGUMENTS) {
            throw new IllegalArgumentException("not the settings of a soak: " + arguments);
        }
        return new SoakSettings(
                Integer.parseInt(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                Duration.ofMillis(Long.parseLong(arguments.get(3))),
                Long.parseLong(arguments.get(4)));
    }

    ReplicaOptions replica() {
        ReplicaOptions defaults = ReplicaOptions.defaults();
        return defaults.toBuilder()
                .checkpointEvery(defaults.checkpointSlots(), checkpointBytes)
                .build();
    }

    /** Returns the settings as text for a table. */
    String describe() {
        return seconds + " s, " + inFlight + " in flight of " + payloadBytes + " B, a checkpoint each "
                + (checkpointBytes >> 20) + " MiB, election timeout " + electionTimeout.toMillis() + " ms";
    }
}
