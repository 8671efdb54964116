package io.loggos.benchmarks.harness.machine;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Addresses and directories of the nodes or members of one cluster, numbered from 0.
 *
 * @param directory directory below which each node may keep its data
 * @param ports ports on the loopback address, one for each node
 */
public record Addresses(Path directory, List<Integer> ports) {
    public Addresses {
        ports = List.copyOf(ports);
    }

    /** Returns as many addresses with {@link Loopback#freePorts}. */
    public static Addresses free(Path directory, int count) {
        return new Addresses(directory, Loopback.freePorts(count));
    }

    /** Returns the number of nodes. */
    public int count() {
        return ports.size();
    }

    /** Returns the {@code host:port} of a node. */
    public String text(int number) {
        return Loopback.address(ports.get(number));
    }

    /** Returns the data directory of a node. */
    public Path directoryOf(int number) {
        return directory.resolve("node-" + (number + 1));
    }

    /** Returns the ports as one argument of a program. */
    public String portsText() {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Reads {@link #portsText} back. */
    public static Addresses parse(Path directory, String portsText) {
        return new Addresses(
                directory,
                Arrays.stream(portsText.split(",", -1)).map(Integer::valueOf).toList());
    }
}
