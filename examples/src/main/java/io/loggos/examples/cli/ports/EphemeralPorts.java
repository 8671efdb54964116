package io.loggos.examples.cli.ports;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Range of the ports that the system gives to outgoing connections. A server must not use one of them if it is to find
 * it free at its next start. Any process that connects to anything may hold it by then.
 *
 * @param first the lowest port of the range
 * @param last the highest port of the range
 */
public record EphemeralPorts(int first, int last) {
    private static final Path LINUX = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** Range of RFC 6335, which other systems use by default. */
    private static final EphemeralPorts STANDARD = new EphemeralPorts(49_152, 65_535);

    /** Returns the range of this system. */
    public static EphemeralPorts ofSystem() {
        // Such a file must be read at once: it has no second part.
        try (BufferedReader file = Files.newBufferedReader(LINUX)) {
            return parse(String.valueOf(file.readLine()));
        } catch (IOException | IllegalArgumentException e) {
            return STANDARD;
        }
    }

    /** Parses two numbers with white space around them, as Linux writes them. */
    static EphemeralPorts parse(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("not a range of ports: " + text);
        }
        return new EphemeralPorts(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** True if an outgoing connection may get this port. */
    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        return first + " to " + last;
    }
}
