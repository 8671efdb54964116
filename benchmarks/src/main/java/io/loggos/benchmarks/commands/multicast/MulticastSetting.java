package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.catalog.Catalog;
import java.util.List;
import java.util.Locale;

/**
 * One thing to be measured.
 *
 * @param system its name
 * @param measure what is asked of it
 * @param senders the members that send: those that joined last, so that one alone is not the coordinator
 * @param payloadBytes of a multicast
 */
record MulticastSetting(String system, Measure measure, Ordering ordering, int members, int senders, int payloadBytes) {
    /** What is asked. */
    enum Measure {
        /** How many multicasts get through if the senders send as fast as they are let. */
        THROUGHPUT,
        /** How long one multicast takes, with no other under way, until the last member has it. */
        LATENCY
    }

    private static final int ARGUMENTS = 6;

    /** The floor under this measure: the same bytes over one connection of plain gRPC, from one end to the other. */
    static MulticastSetting floor(Measure measure, int payloadBytes) {
        Subject floor = measure == Measure.LATENCY ? Floors.ROUND_TRIP : Floors.STREAM;
        return new MulticastSetting(floor.name(), measure, Ordering.FIFO, 1, 1, payloadBytes);
    }

    /** Whether it is one of the floors: no group, and one delivery for each message. */
    boolean isFloor() {
        return Floors.ALL.stream().anyMatch(floor -> floor.name().equals(system));
    }

    /** What is measured. */
    Subject subject() {
        return Floors.ALL.stream()
                .filter(floor -> floor.name().equals(system))
                .findFirst()
                .orElseGet(() -> Catalog.MULTICAST.byName(system).subject());
    }

    /** What a person reads. */
    String text() {
        if (isFloor()) {
            return measureText() + ", " + payloadBytes + " B";
        }
        String order = ordering.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String from = senders == members ? "all send" : senders + " of " + members + " sends";
        return measureText() + ", " + order + ", " + members + " members, " + from + ", " + payloadBytes + " B";
    }

    List<String> toArguments() {
        return List.of(
                system,
                measure.name(),
                ordering.name(),
                Integer.toString(members),
                Integer.toString(senders),
                Integer.toString(payloadBytes));
    }

    /** What is asked, in lower case. */
    String measureText() {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #toArguments} back. */
    static MulticastSetting parse(List<String> arguments) {
        if (arguments.size() != ARGUMENTS) {
            throw new IllegalArgumentException("not a setting: " + arguments);
        }
        return new MulticastSetting(
                arguments.get(0),
                Measure.valueOf(arguments.get(1)),
                Ordering.valueOf(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)));
    }
}
