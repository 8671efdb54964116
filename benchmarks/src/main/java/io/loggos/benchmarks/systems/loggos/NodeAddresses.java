package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.Node;
import io.loggos.api.NodeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Where the three nodes of a trial listen, on the loopback address, and keep their data. Nodes are numbered from 1. */
public record NodeAddresses(Path directory, List<Integer> ports) {
    /** How many nodes there are. */
    public static final int NODES = 3;

    public NodeAddresses {
        ports = List.copyOf(ports);
        if (ports.size() != NODES) {
            throw new IllegalArgumentException(ports.size() + " ports for " + NODES + " nodes");
        }
    }

    /** Ports that were free a moment ago, and directories below this one. */
    public static NodeAddresses free(Path directory) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket two = new ServerSocket(0, 1, loopback);
                ServerSocket three = new ServerSocket(0, 1, loopback)) {
            return new NodeAddresses(directory, List.of(one.getLocalPort(), two.getLocalPort(), three.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A builder for one of the nodes. */
    public NodeBuilder builder(int id) {
        NodeBuilder builder = Node.builder().clusterId("trial");
        for (int node = 1; node <= NODES; node++) {
            String address = "127.0.0.1:" + ports.get(node - 1);
            if (node == id) {
                builder.id(id).listen(address).dataDirectory(dataOf(id));
            } else {
                builder.peer(node, address);
            }
        }
        return builder;
    }

    /** Where a node keeps its data. */
    public Path dataOf(int id) {
        return directory.resolve("node-" + id);
    }

    /** The numbers of all nodes. */
    public static int[] ids() {
        return IntStream.rangeClosed(1, NODES).toArray();
    }

    /** The ports in one argument. */
    public String portsText() {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Reads {@link #portsText} back. */
    public static NodeAddresses parse(Path directory, String portsText) {
        return new NodeAddresses(
                directory,
                Arrays.stream(portsText.split(",", -1)).map(Integer::valueOf).toList());
    }
}
