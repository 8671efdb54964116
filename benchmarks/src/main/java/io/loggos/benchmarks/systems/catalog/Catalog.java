package io.loggos.benchmarks.systems.catalog;

import io.loggos.benchmarks.harness.report.MeasuredSystem;
import io.loggos.benchmarks.systems.aeron.AeronClusterSystem;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import io.loggos.benchmarks.systems.jgroups.JGroupsSystem;
import io.loggos.benchmarks.systems.jgroupsraft.JGroupsRaftSystem;
import io.loggos.benchmarks.systems.jraft.JRaftSystem;
import io.loggos.benchmarks.systems.loggos.LoggosGroupSystem;
import io.loggos.benchmarks.systems.loggos.LoggosSystem;
import io.loggos.benchmarks.systems.loggos.LoggosTlsSystem;
import io.loggos.benchmarks.systems.loggos.processes.LoggosProcessesSystem;
import io.loggos.benchmarks.systems.microraft.MicroRaftSystem;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import io.loggos.benchmarks.systems.ratis.RatisSystem;
import java.util.List;

/**
 * Systems of one kind that are compared.
 *
 * @param all systems in the order of the tables
 */
public record Catalog<S extends MeasuredSystem>(List<S> all) {
    /** Systems that replicate a log of commands. */
    public static final Catalog<ReplicatedSystem> CONSENSUS = new Catalog<>(List.of(
            new LoggosSystem(),
            new JRaftSystem(),
            new JGroupsRaftSystem(),
            new MicroRaftSystem(),
            new AeronClusterSystem(),
            new RatisSystem(),
            new LoggosProcessesSystem(),
            new LoggosTlsSystem()));

    /** Systems whose members multicast to each other. */
    public static final Catalog<MulticastSystem> MULTICAST = new Catalog<>(List.of(
            new LoggosGroupSystem(),
            JGroupsSystem.DEFAULTS,
            JGroupsSystem.NAKACK4,
            JGroupsSystem.LARGE_QUEUE,
            JGroupsSystem.LOW_LATENCY));

    private static final String ALL = "all";

    public Catalog {
        all = List.copyOf(all);
    }

    /** Returns the names of all systems. */
    public List<String> names() {
        return all.stream().map(MeasuredSystem::name).toList();
    }

    /**
     * Returns the system with this name.
     *
     * @throws IllegalArgumentException if there is none, with the names that there are
     */
    public S byName(String name) {
        return all.stream()
                .filter(system -> system.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no system '" + name + "', but " + String.join(", ", names())));
    }

    /**
     * Returns the systems with these names, each once; all of them for the single name {@code all}.
     *
     * @throws IllegalArgumentException if one of the names is unknown
     */
    public List<S> chosen(List<String> names) {
        return names.equals(List.of(ALL))
                ? all
                : names.stream().distinct().map(this::byName).toList();
    }
}
