package io.loggos.testkit.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Ports of the loopback address for servers of tests, which must know them before the first server listens.
 *
 * <p>A port that the system chooses is one of those for outgoing connections. Any process on the machine may get it
 * before the server listens, or between two starts of the server. So these ports are drawn from the others, and no port
 * is drawn twice in one process.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 65_535;

    /** First and last port for outgoing connections: of Linux, or by RFC 6335. */
    private static final int[] EPHEMERAL = ephemeral();

    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final Set<Integer> DRAWN = new HashSet<>();

    private FreePorts() {}

    /** Returns this many different ports that are free now. */
    public static List<Integer> draw(int count) {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            ports.add(drawOne());
        }
        return ports;
    }

    /** Returns a port that is free now. */
    public static synchronized int drawOne() {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            int port = RANDOM.nextInt(LOWEST, HIGHEST + 1);
            boolean outgoing = EPHEMERAL[0] <= port && port <= EPHEMERAL[1];
            if (!outgoing && isFree(port) && DRAWN.add(port)) {
                return port;
            }
        }
        throw new AssertionError("no free port outside of " + EPHEMERAL[0] + " to " + EPHEMERAL[1]);
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int[] ephemeral() {
        // Such a file must be read at once: it has no second part.
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            String[] range = String.valueOf(file.readLine()).strip().split("\\s+", -1);
            return new int[] {Integer.parseInt(range[0]), Integer.parseInt(range[1])};
        } catch (IOException e) {
            return new int[] {49_152, HIGHEST};
        }
    }
}
