package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.api.node.NodeOptions;
import io.loggos.examples.cli.options.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/**
 * The ports of the nodes of a local cluster. They are stored in its directory, so that a later start uses the same
 * ones.
 *
 * @param clusterId a unique name, so that two clusters on one machine refuse each other
 * @param nodes the ports of node n are at position n - 1
 */
record ClusterLayout(String clusterId, List<Ports> nodes) {
    /** The ports of one node, on the loopback address. */
    record Ports(int peer, int client) {
        Address peerAddress() {
            return new Address(LOOPBACK, peer);
        }

        Address clientAddress() {
            return new Address(LOOPBACK, client);
        }
    }

    private static final String LOOPBACK = "127.0.0.1";
    private static final String FILE = "cluster.properties";

    ClusterLayout {
        nodes = List.copyOf(nodes);
    }

    /** True if a directory contains a cluster. */
    static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Creates a cluster with these client ports. Each peer port is the next number, if free. */
    static ClusterLayout create(List<Integer> clientPorts) {
        Set<Integer> taken = new HashSet<>(clientPorts);
        List<Ports> nodes = new ArrayList<>();
        for (int client : clientPorts) {
            int peer = client < 0xFFFF && !taken.contains(client + 1) && isFree(client + 1)
                    ? client + 1
                    : anyFreePort(taken);
            taken.add(peer);
            nodes.add(new Ports(peer, client));
        }
        return new ClusterLayout("local-" + UUID.randomUUID().toString().substring(0, 8), nodes);
    }

    /** Reads the cluster in a directory. */
    static ClusterLayout load(Path directory) {
        Path file = directory.resolve(FILE);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            int count = Integer.parseInt(properties.getProperty("nodes", ""));
            String clusterId = properties.getProperty("cluster-id", "");
            if (count < 1 || count > NodeOptions.MAX_NODES || clusterId.isBlank()) {
                throw new CommandFailure(file + " does not describe a cluster");
            }
            List<Ports> nodes = new ArrayList<>();
            for (int id = 1; id <= count; id++) {
                nodes.add(new Ports(
                        Integer.parseInt(properties.getProperty("peer-port." + id, "")),
                        Integer.parseInt(properties.getProperty("client-port." + id, ""))));
            }
            return new ClusterLayout(clusterId, nodes);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Stores this cluster in a directory, atomically. */
    void save(Path directory) {
        Properties properties = new Properties();
        properties.setProperty("cluster-id", clusterId);
        properties.setProperty("nodes", Integer.toString(nodes.size()));
        for (int id = 1; id <= nodes.size(); id++) {
            properties.setProperty("peer-port." + id, Integer.toString(node(id).peer()));
            properties.setProperty("client-port." + id, Integer.toString(node(id).client()));
        }
        Path file = directory.resolve(FILE);
        Path fresh = directory.resolve(FILE + ".new");
        try {
            Files.createDirectories(directory);
            try (Writer writer = Files.newBufferedWriter(fresh)) {
                properties.store(writer, "The cluster in this directory; made by 'loggos cluster'.");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + e, e);
        }
    }

    /** Returns the same cluster with other client ports. */
    ClusterLayout withClientPorts(List<Integer> clientPorts) {
        List<Ports> changed = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            changed.add(new Ports(nodes.get(i).peer(), clientPorts.get(i)));
        }
        return new ClusterLayout(clusterId, changed);
    }

    Ports node(int id) {
        return nodes.get(id - 1);
    }

    /**
     * Finds the ports that another process uses.
     *
     * @return one sentence for each
     */
    List<String> portsInUse() {
        List<String> problems = new ArrayList<>();
        for (int id = 1; id <= nodes.size(); id++) {
            Ports ports = node(id);
            if (!isFree(ports.client())) {
                problems.add("port " + ports.client() + " (clients of node " + id + ") is in use");
            }
            if (!isFree(ports.peer())) {
                problems.add("port " + ports.peer() + " (peers of node " + id + ") is in use");
            }
        }
        return problems;
    }

    private static int anyFreePort(Set<Integer> except) {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            int port = socket.getLocalPort();
            return except.contains(port) ? anyFreePort(except) : port;
        } catch (IOException e) {
            throw new CommandFailure("no free port on " + LOOPBACK + ": " + e.getMessage(), e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Servers set this too: a connection that is still closing after a restart does not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
