package io.loggos.benchmarks.commands.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Task of the client program, as its arguments give it.
 *
 * @param processIds process ids of the servers, whose processor time and memory count
 * @param stages sizes of the store to measure, each at least the one before
 */
record GrowthPlan(
        List<String> endpoints,
        List<Long> processIds,
        List<Stage> stages,
        int inFlight,
        int payloadBytes,
        int warmUpSeconds,
        int measuredSeconds) {

    /**
     * Size of a store.
     *
     * @param versions number of puts that have made the keys
     */
    record Stage(long keys, long versions) {
        private static final String SEPARATOR = "/";

        /** Returns the name of an operation at this size. */
        String name(String operation) {
            String size = String.format(Locale.ROOT, "%s, %,d keys", operation, keys);
            return keys == versions ? size : size + String.format(Locale.ROOT, " of %,d versions", versions);
        }

        private String text() {
            return keys + SEPARATOR + versions;
        }

        private static Stage of(String text) {
            int at = text.indexOf(SEPARATOR);
            return new Stage(Long.parseLong(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
        }
    }

    /** Returns the stages of growing keys: each key has one version, until it is overwritten in a measurement. */
    static List<Stage> growingKeys(List<Long> sizes) {
        return sizes.stream().map(size -> new Stage(size, size)).toList();
    }

    /** Returns the stages of a growing history: the fewest keys, with as many versions as the others have keys. */
    static List<Stage> growingHistory(List<Long> sizes) {
        return sizes.stream().skip(1).map(size -> new Stage(sizes.get(0), size)).toList();
    }

    int settings() {
        return stages.size() * GrowthLoad.values().length;
    }

    List<String> toArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(String.join(",", endpoints));
        arguments.add(String.join(",", processIds.stream().map(String::valueOf).toList()));
        arguments.add(String.join(",", stages.stream().map(Stage::text).toList()));
        arguments.add(Integer.toString(inFlight));
        arguments.add(Integer.toString(payloadBytes));
        arguments.add(Integer.toString(warmUpSeconds));
        arguments.add(Integer.toString(measuredSeconds));
        return arguments;
    }

    /** Reads {@link #toArguments} back. */
    static GrowthPlan of(String... arguments) {
        return new GrowthPlan(
                List.of(arguments[0].split(",", -1)),
                Arrays.stream(arguments[1].split(",", -1)).map(Long::valueOf).toList(),
                Arrays.stream(arguments[2].split(",", -1)).map(Stage::of).toList(),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]));
    }
}
