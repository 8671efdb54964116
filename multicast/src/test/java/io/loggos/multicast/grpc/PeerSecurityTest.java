package io.loggos.multicast.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TlsOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.api.spi.Transport.Evidence;
import io.loggos.testkit.tls.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and strangers over real sockets, with certificates, with a secret, and with neither (RULES.md B-3, B-5). */
class PeerSecurityTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final Bytes SECRET = Bytes.utf8("sixteen bytes or more");

    @TempDir
    Path directory;

    private final List<Transport> open = new ArrayList<>();
    private final Recorder at1 = new Recorder();
    private final Recorder at2 = new Recorder();
    private Authority authority;

    @BeforeEach
    void issue() {
        authority = Authority.in(directory, "authority").issue("one", "node-1").issue("two", "node-2");
    }

    @AfterEach
    void close() {
        open.forEach(Transport::close);
    }

    @Test
    void nodesWithTheirCertificatesMeet() throws Exception {
        GrpcTransport two = transport(N2, tls("two"), at2, ANY_PORT);
        at2.answers = request -> Bytes.utf8("state");
        GrpcTransport one = transport(N1, tls("one"), at1, two.listening());
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1 && at2.accepted.size() == 1);
        at1.connected.get(0).send(List.of(Bytes.utf8("hello")));
        await().until(() -> at2.frames.size() == 1);
        assertEquals(Evidence.FOR, at2.accepted.get(0).evidence(N1));
        assertEquals(Evidence.AGAINST, at2.accepted.get(0).evidence(N2));
        assertEquals(Evidence.FOR, at1.connected.get(0).evidence(N2));
        assertEquals("state", ask(one).toUtf8());
    }

    @Test
    void aCertificateOfTheAuthorityForAnotherNodeIsRefused() {
        authority.issue("nine", "node-9").issue("elsewhere", "node-1.other");
        GrpcTransport two = transport(N2, tls("two"), at2, ANY_PORT);
        GrpcTransport nine = transport(NodeId.of(9), tls("nine"), at1, two.listening());
        refused(nine);
        GrpcTransport elsewhere = transport(N1, tls("elsewhere"), at1, two.listening());
        refused(elsewhere);
        assertTrue(at2.accepted.isEmpty());
    }

    @Test
    void anAcceptorWithTheCertificateOfAnotherNodeIsRefused() {
        authority.issue("both", "node-1", "node-3");
        GrpcTransport three = transport(NodeId.of(3), tls("both"), at2, ANY_PORT);
        GrpcTransport one = transport(N1, tls("one"), at1, three.listening());
        String reason = refused(one);
        assertTrue(reason.contains("[node-1, node-3], and not of node-2"), reason);
        assertTrue(at2.accepted.isEmpty());
    }

    @Test
    void aCertificateOfAnotherAuthorityOrOneThatIsOverIsRefused() {
        GrpcTransport two = transport(N2, tls("two"), at2, ANY_PORT);
        Authority other = Authority.in(directory.resolve("other"), "authority").issue("one", "node-1");
        GrpcTransport foreign = transport(
                N1,
                SecurityOptions.builder()
                        .tls(new TlsOptions(
                                other.certificateFile("one"), other.keyFile("one"), authority.certificateFile()))
                        .build(),
                at1,
                two.listening());
        refused(foreign);
        authority.issue("late", Duration.ofDays(-1), "node-1");
        refused(transport(N1, tls("late"), at1, two.listening()));
        assertTrue(at2.accepted.isEmpty());
    }

    @Test
    void plaintextAndTlsRefuseEachOther() {
        GrpcTransport two = transport(N2, tls("two"), at2, ANY_PORT);
        GrpcTransport plain = transport(N1, SecurityOptions.defaults(), at1, two.listening());
        String reason = refused(plain);
        assertTrue(reason.contains("TLS is required"), reason);

        GrpcTransport plainTwo = transport(N2, SecurityOptions.defaults(), at2, ANY_PORT);
        GrpcTransport one = transport(N1, tls("one"), at1, plainTwo.listening());
        String other = refused(one);
        assertTrue(other.contains("does not speak TLS"), other);
        assertTrue(at2.accepted.isEmpty());
    }

    @Test
    void aRenewedCertificateIsUsedByTheNextConnection() throws IOException {
        GrpcTransport two = transport(N2, tls("two"), at2, ANY_PORT);
        GrpcTransport one = transport(N1, tls("one"), at1, two.listening());
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1);
        Authority next = Authority.in(directory.resolve("next"), "next").issue("one", "node-1");
        Files.writeString(
                authority.certificateFile(),
                Files.readString(authority.certificateFile()) + Files.readString(next.certificateFile()));
        Files.copy(next.keyFile("one"), authority.keyFile("one"), StandardCopyOption.REPLACE_EXISTING);
        // Certificate and key do not fit together now: the last good ones are used.
        one.connect(N2);
        await().until(() -> at1.connected.size() == 2);
        Files.copy(next.certificateFile("one"), authority.certificateFile("one"), StandardCopyOption.REPLACE_EXISTING);
        one.connect(N2);
        await().until(() -> at1.connected.size() == 3 && at2.accepted.size() == 3);
        assertTrue(at1.closed.isEmpty());
    }

    @Test
    void aBulkRequestProvesTheSecretAndSoDoesItsAnswer() throws Exception {
        GrpcTransport two = transport(N2, secret(SECRET), at2, ANY_PORT);
        at2.answers = request -> Bytes.utf8("state");
        GrpcTransport one = transport(N1, secret(SECRET), at1, two.listening());
        assertEquals("state", ask(one).toUtf8());
        assertEquals("state", ask(one).toUtf8());
        assertNull(ask(transport(N1, secret(Bytes.utf8("another secret, as long")), at1, two.listening())));
        assertNull(ask(transport(N1, SecurityOptions.defaults(), at1, two.listening())));

        GrpcTransport impostor = transport(N2, SecurityOptions.defaults(), at2, ANY_PORT);
        assertNull(ask(transport(N1, secret(SECRET), at1, impostor.listening())));
        GrpcTransport renewed = transport(
                N1,
                SecurityOptions.builder()
                        .secrets(List.of(SECRET, Bytes.utf8("another secret, as long")))
                        .build(),
                at1,
                two.listening());
        assertNotNull(ask(renewed));
    }

    @Test
    void beyondThisMachineANodeWantsProofsOrTrust() {
        Address everywhere = new Address("0.0.0.0", 0);
        InvalidOptionsException e =
                assertThrows(InvalidOptionsException.class, () -> at(everywhere, SecurityOptions.defaults()));
        assertTrue(e.getMessage().contains("give it certificates or a secret"), e.getMessage());
        at(everywhere, secret(SECRET)).close();
        at(everywhere, SecurityOptions.builder().trustedNetwork(true).build()).close();
        at(everywhere, tls("one")).close();
    }

    @Test
    void aCertificateThatCannotBeUsedIsNamed() throws IOException {
        assertProblem("names [node-2], and not node-1 or node-1.DOMAIN", tls("two"));
        assertProblem("cannot use " + directory.resolve("none.crt"), tls("none"));
        Files.copy(authority.certificateFile("one"), authority.certificateFile("mixed"));
        Files.copy(authority.keyFile("two"), authority.keyFile("mixed"));
        assertProblem("the key belongs to another certificate", tls("mixed"));
    }

    /** One address holds no more than its part of the connections, and others get in. */
    @Test
    void silentConnectionsAreBoundedAndEnd() throws IOException {
        GrpcTransport two = transport(N2, SecurityOptions.defaults(), at2, ANY_PORT);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                sockets.add(new Socket(
                        InetAddress.getLoopbackAddress(), two.listening().port()));
            }
            await().until(() ->
                    sockets.stream().filter(PeerSecurityTest::isClosed).count() >= 20);
            await().until(() -> sockets.stream().allMatch(PeerSecurityTest::isClosed));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        GrpcTransport one = transport(N1, SecurityOptions.defaults(), at1, two.listening());
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1);
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            int read = socket.getInputStream().read(new byte[256]);
            return read < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void assertProblem(String text, SecurityOptions security) {
        InvalidOptionsException e = assertThrows(InvalidOptionsException.class, () -> at(ANY_PORT, security));
        assertTrue(e.getMessage().contains(text), e.getMessage());
    }

    private static GrpcTransport at(Address listen, SecurityOptions security) {
        return new GrpcTransport(
                N1, "test", listen, new TreeMap<>(), TransportOptions.defaults(), security, Meters.NONE);
    }

    private SecurityOptions tls(String name) {
        return SecurityOptions.builder()
                .tls(new TlsOptions(
                        authority.certificateFile(name), authority.keyFile(name), authority.certificateFile()))
                .build();
    }

    private static SecurityOptions secret(Bytes secret) {
        return SecurityOptions.builder().secret(secret).build();
    }

    /** Starts a node. Nodes 1 and 2 are peers of each other; so is node 2 of every other. */
    private GrpcTransport transport(NodeId self, SecurityOptions security, Recorder recorder, Address peerAt) {
        NodeId peer = self.equals(N2) ? N1 : N2;
        Address known = peerAt.port() == 0 ? new Address(peerAt.host(), 1) : peerAt;
        GrpcTransport made = new GrpcTransport(
                self,
                "test",
                ANY_PORT,
                new TreeMap<>(Map.of(peer, known)),
                TransportOptions.defaults(),
                security,
                Meters.NONE);
        open.add(made);
        made.start(recorder);
        return made;
    }

    /** Dials node 2, and returns why that fails. A TLS 1.3 client learns late that its certificate is refused. */
    private String refused(GrpcTransport one) {
        int before = at1.failures.size() + at1.closed.size();
        one.connect(N2);
        await().atMost(10, TimeUnit.SECONDS).until(() -> at1.failures.size() + at1.closed.size() > before);
        return at1.failures.isEmpty() ? at1.closed.get(0) : at1.failures.get(at1.failures.size() - 1);
    }

    private static Bytes ask(Transport from) throws Exception {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        from.request(N2, Bytes.utf8("x"), answer::complete);
        return answer.get(20, TimeUnit.SECONDS);
    }
}
