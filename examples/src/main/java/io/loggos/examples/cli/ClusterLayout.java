package io.loggos.examples.cli;

import io.loggos.api.Address;
import io.loggos.api.node.NodeOptions;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.ports.EphemeralPorts;
import io.loggos.examples.cli.ports.LocalPorts;
import io.loggos.examples.cli.ports.PortHolder;
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

    /**
     * Creates a cluster with these client ports. Each peer port is the next number, if it is free and not ephemeral.
     */
    static ClusterLayout create(List<Integer> clientPorts, EphemeralPorts ephemeral) {
        Set<Integer> taken = new HashSet<>(clientPorts);
        List<Ports> nodes = new ArrayList<>();
        for (int client : clientPorts) {
            int next = client + 1;
            boolean fits = next <= 0xFFFF && !ephemeral.contains(next) && !taken.contains(next);
            int peer = fits && LocalPorts.isFree(next) ? next : LocalPorts.chooseOne(ephemeral, taken);
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
        nodes.forEach(ports -> all.addAll(List.of(ports.peer(), ports.client())));
        return all;
    }

    /**
     * Returns the same cluster with another port for each peer port that another process uses. Only the nodes know
     * these ports, so they may change between two starts.
     *
     * @param changes gets one sentence for each change
     */
    ClusterLayout withFreePeerPorts(EphemeralPorts ephemeral, Consumer<String> changes) {
        Set<Integer> taken = allPorts();
        List<Ports> changed = new ArrayList<>();
        for (int id = 1; id <= nodes.size(); id++) {
            Ports ports = node(id);
            boolean isClientPort = nodes.stream().anyMatch(each -> each.client() == ports.peer());
            if (LocalPorts.isFree(ports.peer()) && !isClientPort) {
                changed.add(ports);
                continue;
            }
            int port = LocalPorts.chooseOne(ephemeral, taken);
            taken.add(port);
            changed.add(new Ports(port, ports.client()));
            String peers = "peers of node " + id;
            changes.accept((isClientPort
                            ? "port " + ports.peer() + " (" + peers + ") is for clients now"
                            : inUse(ports.peer(), peers))
                    + "; from now on it is " + port);
        }
        return new ClusterLayout(clusterId, changed);
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
        return "port " + port + " (" + purpose + ") is in use"
                + PortHolder.describe(port).map(holder -> " by " + holder).orElse("");
    }
}
