package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.api.node.NodeOptions;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.ports.EphemeralPorts;
import io.loggos.examples.cli.ports.LocalPorts;
import io.loggos.examples.cli.ports.PortHolder;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The ports of the nodes of a local cluster. They are stored in its directory, so that a later start uses the same
 * ones.
 *
 * @param clusterId a unique name, so that two clusters on one machine refuse each other
 * @param nodes the ports of node n are at position n - 1
 */
record ClusterLayout(String clusterId, List<Ports> nodes) {
    /** The ports of one node, on the loopback address. */
    record Ports(int peer, int client, int metrics) {
        Address peerAddress() {
            return new Address(LOOPBACK, peer);
        }

        Address clientAddress() {
            return new Address(LOOPBACK, client);
        }

        MonitorUrl metricsUrl() {
            return new MonitorUrl(false, new Address(LOOPBACK, metrics));
        }

        private List<Integer> all() {
            return List.of(peer, client, metrics);
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

    /**
     * Creates a cluster with these client ports. The ports for peers and for metrics are the next numbers, as far as
     * these are free and not ephemeral.
     */
    static ClusterLayout create(List<Integer> clientPorts, EphemeralPorts ephemeral) {
        Set<Integer> taken = new HashSet<>(clientPorts);
        List<Ports> nodes = new ArrayList<>();
        for (int client : clientPorts) {
            nodes.add(new Ports(near(client + 1, ephemeral, taken), client, near(client + 2, ephemeral, taken)));
        }
        return new ClusterLayout("local-" + UUID.randomUUID().toString().substring(0, 8), nodes);
    }

    /** Takes a port, or another if it is not free, or an outgoing connection may get it. */
    private static int near(int port, EphemeralPorts ephemeral, Set<Integer> taken) {
        boolean fits = port <= 0xFFFF && !ephemeral.contains(port) && !taken.contains(port) && LocalPorts.isFree(port);
        int chosen = fits ? port : LocalPorts.chooseOne(ephemeral, taken);
        taken.add(chosen);
        return chosen;
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
                        Integer.parseInt(properties.getProperty("client-port." + id, "")),
                        Integer.parseInt(properties.getProperty("metrics-port." + id, ""))));
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
            properties.setProperty("metrics-port." + id, Integer.toString(node(id).metrics()));
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
            changed.add(new Ports(
                    nodes.get(i).peer(), clientPorts.get(i), nodes.get(i).metrics()));
        }
        return new ClusterLayout(clusterId, changed);
    }

    Ports node(int id) {
        return nodes.get(id - 1);
    }

    /** Returns one sentence for each client port that another process uses. */
    List<String> clientPortsInUse() {
        List<String> problems = new ArrayList<>();
        for (int id = 1; id <= nodes.size(); id++) {
            int port = node(id).client();
            if (!LocalPorts.isFree(port)) {
                problems.add(inUse(port, "clients of node " + id));
            }
        }
        return problems;
    }

    /** Returns the client ports, with a free port in place of each that another process uses. */
    List<Integer> freeClientPorts(EphemeralPorts ephemeral) {
        Set<Integer> taken = allPorts();
        List<Integer> free = new ArrayList<>();
        for (Ports ports : nodes) {
            int port = LocalPorts.isFree(ports.client()) ? ports.client() : LocalPorts.chooseOne(ephemeral, taken);
            taken.add(port);
            free.add(port);
        }
        return free;
    }

    private Set<Integer> allPorts() {
        Set<Integer> all = new HashSet<>();
        nodes.forEach(ports -> all.addAll(ports.all()));
        return all;
    }

    /**
     * Returns the same cluster with another port for each port for peers or metrics that another process uses, or that
     * an outgoing connection may get. Only the nodes and their operator know these ports, so they may change between two
     * starts.
     *
     * @param changes gets one sentence for each change
     */
    ClusterLayout withFreeOwnPorts(EphemeralPorts ephemeral, Consumer<String> changes) {
        Set<Integer> clients = nodes.stream().map(Ports::client).collect(Collectors.toSet());
        Set<Integer> taken = allPorts();
        List<Ports> changed = new ArrayList<>();
        for (int id = 1; id <= nodes.size(); id++) {
            Ports ports = node(id);
            OwnPort peer = new OwnPort(ports.peer(), "peers of node " + id);
            OwnPort metrics = new OwnPort(ports.metrics(), "metrics of node " + id);
            changed.add(new Ports(
                    peer.keptOrReplaced(clients, ephemeral, taken, changes),
                    ports.client(),
                    metrics.keptOrReplaced(clients, ephemeral, taken, changes)));
        }
        return new ClusterLayout(clusterId, changed);
    }

    /** A port that no client knows. */
    private record OwnPort(int port, String purpose) {
        int keptOrReplaced(
                Set<Integer> clients, EphemeralPorts ephemeral, Set<Integer> taken, Consumer<String> changes) {
            boolean isForClients = clients.contains(port);
            boolean isFree = LocalPorts.isFree(port);
            if (isFree && !isForClients && !ephemeral.contains(port)) {
                return port;
            }
            int chosen = LocalPorts.chooseOne(ephemeral, taken);
            if (isFree && !isForClients && ephemeral.contains(chosen)) {
                return port; // no other is better
            }
            taken.add(chosen);
            changes.accept((isForClients
                            ? described(port, purpose) + " is for clients now"
                            : isFree
                                    ? described(port, purpose) + " might be given to an outgoing connection"
                                    : inUse(port, purpose))
                    + "; from now on it is " + chosen);
            return chosen;
        }
    }

    /** Returns one sentence for each client port that an outgoing connection may have taken at a later start. */
    List<String> clientPortsAtRisk(EphemeralPorts ephemeral) {
        List<String> risks = new ArrayList<>();
        for (int id = 1; id <= nodes.size(); id++) {
            int port = node(id).client();
            if (ephemeral.contains(port)) {
                risks.add("port " + port + " (clients of node " + id
                        + ") is of those that this system gives to outgoing connections (" + ephemeral
                        + "): at a later start it may be in use");
            }
        }
        return risks;
    }

    private static String inUse(int port, String purpose) {
        return described(port, purpose) + " is in use"
                + PortHolder.describe(port).map(holder -> " by " + holder).orElse("");
    }

    private static String described(int port, String purpose) {
        return "port " + port + " (" + purpose + ")";
    }
}
