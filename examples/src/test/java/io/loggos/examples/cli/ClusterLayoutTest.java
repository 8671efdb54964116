package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.cli.options.CommandFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
        ClusterLayout layout = ClusterLayout.create(clients);
        assertFalse(ClusterLayout.existsIn(directory));

        layout.save(directory);

        assertTrue(ClusterLayout.existsIn(directory));
        assertEquals(layout, ClusterLayout.load(directory));
        assertEquals(
                6,
                layout.nodes().stream()
                        .flatMap(ports -> Stream.of(ports.client(), ports.peer()))
                        .distinct()
                        .count());
        assertEquals(
                clients,
                layout.nodes().stream().map(ClusterLayout.Ports::client).toList());
        assertNotEquals(layout.clusterId(), ClusterLayout.create(clients).clusterId());
    }

    @Test
    void portsInUseAreNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = TestCluster.freePorts(1).get(0);
            ClusterLayout layout = new ClusterLayout("c", List.of(new ClusterLayout.Ports(free, taken.getLocalPort())));

            assertEquals(
                    List.of("port " + taken.getLocalPort() + " (clients of node 1) is in use"), layout.portsInUse());
            assertEquals(List.of(), layout.withClientPorts(List.of(free)).portsInUse());
        }
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
