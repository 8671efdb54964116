package io.loggos.examples.cli.ports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Ports that a later start finds free again, and the holders of ports that are not free. */
class LocalPortsTest {
    @Test
    void chosenPortsAreFreeDifferentAndNotEphemeral() {
        EphemeralPorts ephemeral = new EphemeralPorts(15_000, 65_000);
        List<Integer> ports = LocalPorts.choose(100, ephemeral);
        assertEquals(100, new TreeSet<>(ports).size());
        for (int port : ports) {
            assertFalse(ephemeral.contains(port));
            assertTrue(10_000 <= port && port <= 65_535, () -> "" + port);
        }
    }

    @Test
    void lowPortsAreForASystemWithoutOthers() {
        int port = LocalPorts.chooseOne(new EphemeralPorts(5_000, 65_535), Set.of());
        assertTrue(1_024 <= port && port < 5_000, () -> "" + port);
        assertTrue(LocalPorts.chooseOne(new EphemeralPorts(1_024, 65_535), Set.of()) >= 1_024);
    }

    @Test
    void aPortInUseIsNotChosen() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertFalse(LocalPorts.isFree(port));
            // Outside of this range there are this port and those of the system.
            EphemeralPorts allButOne = new EphemeralPorts(1_024, port - 1);
            for (int i = 0; i < 20; i++) {
                assertTrue(LocalPorts.chooseOne(allButOne, Set.of()) > port);
            }
        }
    }

    @Test
    void theRangeIsRead() {
        EphemeralPorts range = EphemeralPorts.parse("32768\t60999\n");
        assertEquals(new EphemeralPorts(32_768, 60_999), range);
        assertTrue(range.contains(32_768) && range.contains(60_999));
        assertFalse(range.contains(32_767) || range.contains(61_000));
        assertThrows(IllegalArgumentException.class, () -> EphemeralPorts.parse("32768"));
        assertThrows(IllegalArgumentException.class, () -> EphemeralPorts.parse("a b"));
    }

    @Test
    void thePortsThatTheSystemGivesAreInItsRange() throws IOException {
        EphemeralPorts range = EphemeralPorts.ofSystem();
        for (int i = 0; i < 50; i++) {
            try (ServerSocket drawn = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assertTrue(range.contains(drawn.getLocalPort()), () -> drawn.getLocalPort() + " is not in " + range);
            }
        }
    }

    @Test
    void holdersAreNamed() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "only Linux tells");
        String self = "(process " + ProcessHandle.current().pid() + ")";
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket outgoing = new Socket(server.getInetAddress(), server.getLocalPort())) {
            String listener = PortHolder.describe(server.getLocalPort()).orElseThrow();
            assertTrue(listener.endsWith(self + ", which listens on it"), listener);
            String connection = PortHolder.describe(outgoing.getLocalPort()).orElseThrow();
            String end = ", as its end of a connection to 127.0.0.1:" + server.getLocalPort();
            assertTrue(connection.contains(self) && connection.endsWith(end), connection);
        }
        int free = LocalPorts.choose(1, EphemeralPorts.ofSystem()).get(0);
        assertEquals(Optional.empty(), PortHolder.describe(free));
    }
}
