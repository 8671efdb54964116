package io.loggos.benchmarks.commands.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Task of the client program, as its arguments give it.
 *
 * @param processIds process ids of the servers, whose processor time counts
 */
record LoadPlan(
        List<String> endpoints,
        List<Long> processIds,
        List<Integer> inFlight,
        List<Integer> payloadBytes,
        int warmUpSeconds,
        int measuredSeconds) {

    /** Returns the number of settings to measure. */
    int settings() {
        return 2 * inFlight.size() * payloadBytes.size();
    }

    List<String> toArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(String.join(",", endpoints));
        arguments.add(joined(processIds));
        arguments.add(joined(inFlight));
        arguments.add(joined(payloadBytes));
        arguments.add(Integer.toString(warmUpSeconds));
        arguments.add(Integer.toString(measuredSeconds));
        return arguments;
    }

    /** Reads {@link #toArguments} back. */
    static LoadPlan of(String... arguments) {
        return new LoadPlan(
                List.of(arguments[0].split(",", -1)),
                Arrays.stream(arguments[1].split(",", -1)).map(Long::valueOf).toList(),
                Arrays.stream(arguments[2].split(",", -1)).map(Integer::valueOf).toList(),
                Arrays.stream(arguments[3].split(",", -1)).map(Integer::valueOf).toList(),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]));
    }

    private static String joined(List<?> values) {
        return String.join(",", values.stream().map(String::valueOf).toList());
    }
}
