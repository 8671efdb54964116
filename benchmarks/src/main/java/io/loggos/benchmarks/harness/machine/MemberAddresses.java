package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Where the members listen, on the loopback address, and where each may keep what it needs. Numbered from 0. */
public record MemberAddresses(Path directory, List<Integer> ports) {
    /** The address of all of them. */
    public static final String HOST = "127.0.0.1";

    public MemberAddresses {
        ports = List.copyOf(ports);
    }

    /** Ports that were free a moment ago. */
    public static MemberAddresses free(Path directory, int members) throws IOException {
        return new MemberAddresses(
                directory,
                Loopback.freeAddresses(members).stream()
                        .map(address -> Integer.valueOf(address.substring(address.indexOf(':') + 1)))
                        .toList());
    }

    /** How many members there are. */
    public int members() {
        return ports.size();
    }

    /** Where a member listens: host, colon and port. */
    public String text(int number) {
        return HOST + ":" + ports.get(number);
    }

    /** The directory of a member. */
    public Path directoryOf(int number) {
        return directory.resolve("member-" + number);
    }

    /** The ports in one argument. */
    public String portsText() {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Reads {@link #portsText} back. */
    public static MemberAddresses parse(Path directory, String portsText) {
        return new MemberAddresses(
                directory,
                Arrays.stream(portsText.split(",", -1)).map(Integer::valueOf).toList());
    }
}
