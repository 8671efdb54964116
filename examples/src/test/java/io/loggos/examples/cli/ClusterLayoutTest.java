package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.ports.EphemeralPorts;
import io.loggos.examples.cli.ports.LocalPorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of a local cluster: distinct, stored, checked. */
class ClusterLayoutTest {
    @TempDir
    Path directory;

    @Test
    void portsDifferAndAreRemembered() throws Exception {
        List<Integer> clients = TestCluster.freePorts(3);
        ClusterLayout layout = ClusterLayout.create(clients, EphemeralPorts.ofSystem());
        assertFalse(ClusterLayout.existsIn(directory));

        layout.save(directory);

        assertTrue(ClusterLayout.existsIn(directory));
        assertEquals(layout, ClusterLayout.load(directory));
        assertEquals(
                9,
                layout.nodes().stream()
                        .flatMap(ports -> Stream.of(ports.client(), ports.peer(), ports.metrics()))
                        .distinct()
                        .count());
        assertEquals(
                clients,
                layout.nodes().stream().map(ClusterLayout.Ports::client).toList());
        assertNotEquals(
                layout.clusterId(),
                ClusterLayout.create(clients, EphemeralPorts.ofSystem()).clusterId());
    }

    @Test
    void noPeerPortIsEphemeral() throws Exception {
        EphemeralPorts narrow = new EphemeralPorts(20_000, 29_999);
        for (int client : List.of(19_999, 20_000, 29_998, 65_535)) {
            int peer = ClusterLayout.create(List.of(client), narrow).node(1).peer();
            assertFalse(narrow.contains(peer), () -> client + " has got " + peer);
        }
        int client = LocalPorts.choose(1, narrow).get(0);
        assertEquals(List.of(), layout(client, 1).clientPortsAtRisk(narrow));
        List<String> risks = layout(29_999, 1).clientPortsAtRisk(narrow);
        assertEquals(1, risks.size());
        assertTrue(risks.get(0).contains("29999") && risks.get(0).contains("20000 to 29999"), risks.get(0));
    }

    @Test
    void clientPortsInUseAreNamedWithTheirHolder() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = TestCluster.freePorts(1).get(0);
            ClusterLayout layout = layout(taken.getLocalPort(), free);

            List<String> problems = layout.clientPortsInUse();

            assertEquals(1, problems.size());
            assertTrue(
                    problems.get(0).startsWith("port " + taken.getLocalPort() + " (clients of node 1) is in use"),
                    problems.get(0));
            assertEquals(List.of(), layout.withClientPorts(List.of(free)).clientPortsInUse());
            List<Integer> others = layout.freeClientPorts(EphemeralPorts.ofSystem());
            assertEquals(List.of(), layout.withClientPorts(others).clientPortsInUse());
        }
    }

    /** The system has given the port of a node to a connection of somebody else. */
    @Test
    void aPeerPortInUseIsReplaced() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket outgoing = new Socket(server.getInetAddress(), server.getLocalPort())) {
            List<Integer> clients = TestCluster.freePorts(2);
            List<Integer> sound = TestCluster.freePorts(3);
            ClusterLayout layout = new ClusterLayout(
                    "c",
                    List.of(
                            new ClusterLayout.Ports(sound.get(0), clients.get(0), sound.get(1)),
                            new ClusterLayout.Ports(outgoing.getLocalPort(), clients.get(1), sound.get(2))));
            List<String> changes = new ArrayList<>();

            ClusterLayout changed = layout.withFreeOwnPorts(EphemeralPorts.ofSystem(), changes::add);

            assertEquals(layout.node(1), changed.node(1));
            assertEquals(layout.node(2).client(), changed.node(2).client());
            assertTrue(LocalPorts.isFree(changed.node(2).peer()));
            assertEquals(1, changes.size());
            String change = changes.get(0);
            assertTrue(change.startsWith("port " + outgoing.getLocalPort() + " (peers of node 2) is in use"), change);
            assertTrue(change.endsWith("from now on it is " + changed.node(2).peer()), change);
            assertEquals(changed, changed.withFreeOwnPorts(EphemeralPorts.ofSystem(), changes::add));
        }
    }

    @Test
    void aPeerPortThatIsForClientsNowIsReplaced() throws Exception {
        List<Integer> ports = TestCluster.freePorts(2);
        List<String> changes = new ArrayList<>();

        ClusterLayout changed = layout(ports.get(0), ports.get(1))
                .withClientPorts(List.of(ports.get(1)))
                .withFreeOwnPorts(EphemeralPorts.ofSystem(), changes::add);

        assertEquals(ports.get(1), changed.node(1).client());
        assertNotEquals(ports.get(1), changed.node(1).peer());
        assertEquals(1, changes.size());
    }

    /** The system's range, or the version that chose the ports, was another one. */
    @Test
    void aRememberedPortThatAConnectionMightGetIsReplaced() {
        List<Integer> ports = TestCluster.freePorts(2);
        EphemeralPorts around = new EphemeralPorts(ports.get(1), ports.get(1));
        List<String> changes = new ArrayList<>();

        ClusterLayout changed = layout(ports.get(0), ports.get(1)).withFreeOwnPorts(around, changes::add);

        assertFalse(around.contains(changed.node(1).peer()));
        assertEquals(1, changes.size());
        assertEquals(changed, changed.withFreeOwnPorts(around, changes::add));
        EphemeralPorts everything = new EphemeralPorts(1, 65_535);
        assertEquals(changed, changed.withFreeOwnPorts(everything, changes::add));
        assertEquals(1, changes.size());
    }

    @Test
    void aClusterIsStartedOnceAtATime() {
        try (ClusterLock lock = ClusterLock.take(directory)) {
            CommandFailure e = assertThrows(CommandFailure.class, () -> ClusterLock.take(directory));
            assertTrue(e.getMessage().contains("is running already"), e.getMessage());
            assertTrue(lock != null);
        }
        ClusterLock.take(directory).close();
    }

    private static ClusterLayout layout(int client, int peer) {
        return new ClusterLayout(
                "c",
                List.of(new ClusterLayout.Ports(
                        peer, client, TestCluster.freePorts(1).get(0))));
    }

    @Test
    void whatIsNotALayoutIsRefused() throws Exception {
        for (String content : List.of("", "nodes=3\ncluster-id=c\n", "nodes=-1\ncluster-id=c\n", "nodes=x\n")) {
            Files.writeString(directory.resolve("cluster.properties"), content);
            CommandFailure e = assertThrows(CommandFailure.class, () -> ClusterLayout.load(directory));
            assertTrue(e.getMessage().contains("cluster.properties"), e.getMessage());
        }
    }
}
