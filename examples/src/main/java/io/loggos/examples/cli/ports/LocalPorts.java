package io.loggos.examples.cli.ports;

import io.loggos.examples.cli.options.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Free ports of the loopback address, outside of {@link EphemeralPorts} if there are any. */
public final class LocalPorts {
    private static final int HIGHEST = 65_535;
    /** Lowest port that is tried first. Ports below are often those of well-known servers. */
    private static final int USUAL = 10_000;
    /** Lowest port that needs no privilege. */
    private static final int UNPRIVILEGED = 1_024;

    private LocalPorts() {}

    /** Returns this many different free ports, drawn at random, so that two callers at one time rarely meet. */
    public static List<Integer> choose(int count, EphemeralPorts ephemeral) {
        Set<Integer> taken = new HashSet<>();
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < count) {
            int port = chooseOne(ephemeral, taken);
            taken.add(port);
            chosen.add(port);
        }
        return chosen;
    }

    /**
     * Returns a free port, drawn at random.
     *
     * @param except ports that are not chosen
     * @throws CommandFailure if there is none
     */
    public static int chooseOne(EphemeralPorts ephemeral, Set<Integer> except) {
        for (int[] candidates : List.of(
                outside(ephemeral, USUAL, HIGHEST),
                outside(ephemeral, UNPRIVILEGED, USUAL - 1),
                // A system that may give any port to an outgoing connection.
                IntStream.rangeClosed(UNPRIVILEGED, HIGHEST).toArray())) {
            int start = ThreadLocalRandom.current().nextInt(Math.max(1, candidates.length));
            for (int i = 0; i < candidates.length; i++) {
                int port = candidates[(start + i) % candidates.length];
                if (!except.contains(port) && isFree(port)) {
                    return port;
                }
            }
        }
        throw new CommandFailure("no free port on the loopback address");
    }

    private static int[] outside(EphemeralPorts ephemeral, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .filter(port -> !ephemeral.contains(port))
                .toArray();
    }

    /** True if a server can listen on a port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Servers set this too: a connection that is still closing after a restart does not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
