package io.loggos.benchmarks.harness.report;

import io.loggos.benchmarks.harness.machine.Versions;
import java.util.Locale;

/**
 * Subject of a measurement.
 *
 * @param name name in records: lower case, no blanks
 * @param label name in tables and plots
 * @param version component and its version
 * @param durability what has become durable, and how, when an operation completes
 */
public record Subject(String name, String label, Kind kind, String version, String durability) {
    /** Name of Loggos in comparisons with its peers. */
    public static final String LOGGOS = "loggos";

    /** Kinds of subjects. */
    public enum Kind {
        /** Loggos or a peer. */
        SYSTEM,
        /** Lowest cost of the same bytes. */
        FLOOR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns Loggos or a peer. */
    public static Subject system(String name, String label, String version, String durability) {
        return new Subject(name, label, Kind.SYSTEM, version, durability);
    }

    /** Returns Loggos, of the version of this build, in one of the ways in which it is measured. */
    public static Subject loggos(String name, String label, String durability) {
        return system(name, label, "loggos " + Versions.of("loggos"), durability);
    }

    /** Returns a floor. */
    public static Subject floor(String name, String label, String version, String durability) {
        return new Subject(name, label, Kind.FLOOR, version, durability);
    }

    /** Tells if it is a floor. */
    public boolean isFloor() {
        return kind == Kind.FLOOR;
    }
}
