package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.machine.Addresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of a {@link NodeMain}.
 *
 * @param checkpoints true if checkpoints are taken, by the default rules
 */
record NodeSettings(int id, Addresses addresses, Duration electionTimeout, boolean checkpoints) {
    private static final int ARGUMENTS = 5;

    List<String> toArguments() {
        return List.of(
                Integer.toString(id),
                addresses.directory().toString(),
                addresses.portsText(),
                Long.toString(electionTimeout.toMillis()),
                Boolean.toString(checkpoints));
    }

    static NodeSettings parse(String... arguments) {
        if (arguments.length != ARGUMENTS) {
            throw new IllegalArgumentException("not the settings of a node: " + String.join(" ", arguments));
        }
        return new NodeSettings(
                Integer.parseInt(arguments[0]),
                Addresses.parse(Path.of(arguments[1]), arguments[2]),
                Duration.ofMillis(Long.parseLong(arguments[3])),
                Boolean.parseBoolean(arguments[4]));
    }

    TimingOptions timing() {
        return TimingOptions.ofElectionTimeout(electionTimeout);
    }

    ReplicaOptions replica() {
        ReplicaOptions defaults = ReplicaOptions.defaults();
        return checkpoints
                ? defaults
                : defaults.toBuilder()
                        .checkpointEvery(Long.MAX_VALUE, Long.MAX_VALUE)
                        .build();
    }
}
