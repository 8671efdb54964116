package io.loggos.benchmarks.systems.catalog;

import io.loggos.benchmarks.systems.jgroups.JGroupsSystem;
import io.loggos.benchmarks.systems.loggos.LoggosGroupSystem;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.util.List;
import java.util.stream.Collectors;

/** All that are compared, in the order of the tables. */
public final class MulticastSystems {
    private static final List<MulticastSystem> ALL = List.of(
            new LoggosGroupSystem(),
            JGroupsSystem.DEFAULTS,
            JGroupsSystem.NAKACK4,
            JGroupsSystem.LARGE_QUEUE,
            JGroupsSystem.LOW_LATENCY);

    private MulticastSystems() {}

    /** All of them. */
    public static List<MulticastSystem> all() {
        return ALL;
    }

    /**
     * The one with this name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    public static MulticastSystem byName(String name) {
        return ALL.stream()
                .filter(system -> system.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no system '" + name + "', but " + names()));
    }

    private static String names() {
        return ALL.stream().map(MulticastSystem::name).collect(Collectors.joining(", "));
    }
}
