package io.loggos.benchmarks.harness.report;

import io.loggos.benchmarks.harness.machine.Versions;
import java.util.Locale;

/**
 * What is measured.
 *
 * @param name what records call it: lower case, no blanks
 * @param label its name in tables and plots
 * @param version the component and its version
 * @param durability what has become durable, and how, when an operation is over
 */
public record Subject(String name, String label, Kind kind, String version, String durability) {
    /** The name under which Loggos is compared with its peers. */
    public static final String LOGGOS = "loggos";

    /** What stands against what in a table of ratios. */
    public enum Kind {
        /** Loggos or a peer. */
        SYSTEM,
        /** What the same bytes cost at the least. */
        FLOOR;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Loggos or a peer. */
    public static Subject system(String name, String label, String version, String durability) {
        return new Subject(name, label, Kind.SYSTEM, version, durability);
    }

    /** Returns Loggos, of the version of this build, in one of the ways in which it is measured. */
    public static Subject loggos(String name, String label, String durability) {
        return system(name, label, "loggos " + Versions.of("loggos"), durability);
    }

    /** A floor. */
    public static Subject floor(String name, String label, String version, String durability) {
        return new Subject(name, label, Kind.FLOOR, version, durability);
    }

    /** Whether it is one of the floors. */
    public boolean isFloor() {
        return kind == Kind.FLOOR;
    }
}
