package io.loggos.benchmarks.systems.catalog;

import io.loggos.benchmarks.systems.aeron.AeronClusterSystem;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import io.loggos.benchmarks.systems.jgroupsraft.JGroupsRaftSystem;
import io.loggos.benchmarks.systems.jraft.JRaftSystem;
import io.loggos.benchmarks.systems.loggos.LoggosSystem;
import io.loggos.benchmarks.systems.loggos.processes.LoggosProcessesSystem;
import io.loggos.benchmarks.systems.microraft.MicroRaftSystem;
import io.loggos.benchmarks.systems.ratis.RatisSystem;
import java.util.List;
import java.util.stream.Collectors;

/** All systems that are compared, in the order of the tables. */
public final class Systems {
    private static final List<ReplicatedSystem> ALL = List.of(
            new LoggosSystem(),
            new JRaftSystem(),
            new JGroupsRaftSystem(),
            new MicroRaftSystem(),
            new AeronClusterSystem(),
            new RatisSystem(),
            new LoggosProcessesSystem());

    private Systems() {}

    /** All of them. */
    public static List<ReplicatedSystem> all() {
        return ALL;
    }

    /**
     * The one with this name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    public static ReplicatedSystem byName(String name) {
        return ALL.stream()
                .filter(system -> system.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no system '" + name + "', but " + names(", ")));
    }

    /** The names of all. */
    public static String names(String separator) {
        return ALL.stream().map(ReplicatedSystem::name).collect(Collectors.joining(separator));
    }
}
