package io.loggos.benchmarks.commands.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Task of the client program, as its arguments give it.
 *
 * @param processIds process ids of the servers, whose processor time counts
 * @param operations names of the loads, as {@link ServerLoad} has them
 */
record LoadPlan(
        List<String> endpoints,
        List<Long> processIds,
        List<String> operations,
        List<Integer> inFlight,
        List<Integer> payloadBytes,
        int warmUpSeconds,
        int measuredSeconds) {

    /** Returns the number of settings to measure. */
    int settings() {
        return operations.size() * inFlight.size() * payloadBytes.size();
    }

    List<String> toArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(String.join(",", endpoints));
        arguments.add(joined(processIds));
        arguments.add(String.join(",", operations));
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
                List.of(arguments[2].split(",", -1)),
                integers(arguments[3]),
                integers(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]));
    }

    private static List<Integer> integers(String joined) {
        return Arrays.stream(joined.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static String joined(List<?> values) {
        return String.join(",", values.stream().map(String::valueOf).toList());
    }
}
