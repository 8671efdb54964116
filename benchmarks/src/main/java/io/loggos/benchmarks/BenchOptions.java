package io.loggos.benchmarks;

import io.loggos.api.ReplicaOptions;
import io.loggos.benchmarks.report.Subject;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench} was asked for.
 *
 * @param shortRun a first impression in two minutes or so, instead of figures to compare
 * @param json where to write the records; null for nowhere
 */
record BenchOptions(
        What what,
        List<Integer> inFlight,
        int payloadBytes,
        boolean shortRun,
        @Nullable Path json,
        Path data) {
    /** More than this makes no sense with 2 GiB of heap. */
    private static final int MOST_IN_FLIGHT = 1 << 16;

    /** As much as a replica takes in one command. */
    private static final int MOST_PAYLOAD_BYTES = ReplicaOptions.defaults().maxCommandBytes();

    /** Which benchmarks. */
    enum What {
        COMMIT,
        FLOORS,
        READS;

        List<Subject> subjects() {
            return switch (this) {
                case COMMIT ->
                    List.of(
                            Subject.ONE_STORE,
                            Subject.THREE_STORES,
                            Subject.ROUND_TRIP,
                            Subject.STREAM,
                            Subject.COMMIT);
                case FLOORS -> List.of(Subject.ONE_STORE, Subject.THREE_STORES, Subject.ROUND_TRIP, Subject.STREAM);
                case READS -> List.of(Subject.ROUND_TRIP, Subject.LEADER_READ, Subject.FOLLOWER_READ);
            };
        }
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static BenchOptions parse(String... arguments) {
        Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
        if (left.isEmpty()) {
            throw new IllegalArgumentException("a command is missing");
        }
        What what = what(left.remove());
        List<Integer> inFlight = List.of(1, 64, 1024);
        int payloadBytes = 256;
        boolean shortRun = false;
        Path json = null;
        Path data = Path.of(System.getProperty("java.io.tmpdir"));
        while (!left.isEmpty()) {
            String option = left.remove();
            switch (option) {
                case "--in-flight" -> inFlight = numbers(option, value(option, left));
                case "--payload" -> payloadBytes = number(option, value(option, left), MOST_PAYLOAD_BYTES);
                case "--short" -> shortRun = true;
                case "--json" -> json = Path.of(value(option, left));
                case "--data" -> data = Path.of(value(option, left));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        requireRoom(inFlight, payloadBytes);
        return new BenchOptions(what, inFlight, payloadBytes, shortRun, json, data);
    }

    /** What is in flight must fit into what a replica takes before it is overloaded. */
    private static void requireRoom(List<Integer> inFlight, int payloadBytes) {
        long most = ReplicaOptions.defaults().maxPendingBytes();
        for (int each : inFlight) {
            if ((long) each * payloadBytes > most) {
                throw new IllegalArgumentException(each + " in flight of " + payloadBytes + " bytes are more than the "
                        + most + " bytes that fit");
            }
        }
    }

    private static What what(String command) {
        return switch (command) {
            case "commit" -> What.COMMIT;
            case "floors" -> What.FLOORS;
            case "reads" -> What.READS;
            default -> throw new IllegalArgumentException("unknown command " + command);
        };
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.remove();
    }

    private static List<Integer> numbers(String option, String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int number = number(option, part, MOST_IN_FLIGHT);
            if (!numbers.contains(number)) {
                numbers.add(number);
            }
        }
        return List.copyOf(numbers);
    }

    private static int number(String option, String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is not a number: " + text, e);
        }
        throw new IllegalArgumentException(option + " is 1 to " + most + ", not " + text);
    }
}
