package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.catalog.Catalog;
import java.util.List;
import java.util.Locale;

/**
 * One setting to be measured.
 *
 * @param system name of the system
 * @param measure throughput or latency
 * @param senders number of members that send: those that joined last, so that a single one is not the coordinator
 * @param payloadBytes bytes of a multicast
 */
record MulticastSetting(String system, Measure measure, Ordering ordering, int members, int senders, int payloadBytes) {
    /** The two kinds of measurement. */
    enum Measure {
        /** Multicasts a second, if the senders send as fast as flow control lets them. */
        THROUGHPUT,
        /** Time of one multicast until the last member has it, with no other under way. */
        LATENCY
    }

    private static final int ARGUMENTS = 6;

    /** Returns the floor under this measure: the same bytes over one connection of plain gRPC. */
    static MulticastSetting floor(Measure measure, int payloadBytes) {
        Subject floor = measure == Measure.LATENCY ? Floors.ROUND_TRIP : Floors.STREAM;
        return new MulticastSetting(floor.name(), measure, Ordering.FIFO, 1, 1, payloadBytes);
    }

    /** Tells if it is a floor: no group, and one delivery for each message. */
    boolean isFloor() {
        return Floors.ALL.stream().anyMatch(floor -> floor.name().equals(system));
    }

    /** Returns the system or the floor that is measured. */
    Subject subject() {
        return Floors.ALL.stream()
                .filter(floor -> floor.name().equals(system))
                .findFirst()
                .orElseGet(() -> Catalog.MULTICAST.byName(system).subject());
    }

    /** Returns the setting as text for a person. */
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

    /** Returns the kind of measurement in lower case. */
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
