package io.loggos.testkit.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Ports of the loopback address for servers of tests, which must know them before the first server listens.
 *
 * <p>A port that the system chooses is one of those for outgoing connections. Any process on the machine may get it
 * before the server listens, or between two starts of the server. So these ports are drawn from the others. A port that
 * was drawn belongs to its process until that ends: a lock on a file of its number says so to other processes of tests.
 */
public final class FreePorts {
    /** Below the ports that the servers of this project draw for themselves. */
    private static final int LOWEST = 2_000;

    private static final int HIGHEST = 9_999;

    /** First and last port for outgoing connections: of Linux, or by RFC 6335. */
    private static final int[] EPHEMERAL = ephemeral();

    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final Path LOCKS = Path.of(System.getProperty("java.io.tmpdir"), "loggos-test-ports");
    /** The locks of the ports that were drawn here. They end with the process. */
    private static final Map<Integer, FileLock> DRAWN = new HashMap<>();

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
            if (!outgoing && isFree(port) && take(port)) {
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

    /** Takes a port for this process. A file must be opened once at most, since its lock ends with any of its channels. */
    private static boolean take(int port) {
        if (DRAWN.containsKey(port)) {
            return false;
        }
        try {
            Path file = Files.createDirectories(LOCKS).resolve(String.valueOf(port));
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            DRAWN.put(port, lock);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ephemeral() {
        // Such a file must be read at once: it has no second part.
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            String[] range = String.valueOf(file.readLine()).strip().split("\\s+", -1);
            return new int[] {Integer.parseInt(range[0]), Integer.parseInt(range[1])};
        } catch (IOException e) {
            return new int[] {49_152, 65_535};
        }
    }
}
