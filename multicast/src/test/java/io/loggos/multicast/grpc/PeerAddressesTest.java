package io.loggos.multicast.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.testkit.network.FreePorts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer is reached by its host name: by any of its addresses, and by those that the name has now. */
class PeerAddressesTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final String HOST = "node-2.test";

    private final List<Transport> open = new ArrayList<>();
    private final Recorder at1 = new Recorder();
    private final int port = FreePorts.drawOne();
    /** The addresses of the host now. */
    private volatile List<String> addresses = List.of();

    private GrpcTransport transport(NodeId self, String listen, Address peer) {
        GrpcTransport made = new GrpcTransport(
                self,
                "test",
                new Address(listen, self.equals(N1) ? 0 : port),
                new TreeMap<>(Map.of(self.equals(N1) ? N2 : N1, peer)),
                TransportOptions.defaults(),
                SecurityOptions.defaults(),
                Meters.NONE,
                this::lookUp);
        open.add(made);
        return made;
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        assertEquals(HOST, host);
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByName(address));
        }
        return found;
    }

    private GrpcTransport dialler() {
        GrpcTransport one = transport(N1, "127.0.0.1", new Address(HOST, port));
        one.start(at1);
        return one;
    }

    private Recorder acceptor(String listen) {
        Recorder at2 = new Recorder();
        at2.answers = request -> request;
        transport(N2, listen, new Address("127.0.0.1", 1)).start(at2);
        return at2;
    }

    private static @Nullable Bytes ask(GrpcTransport from) {
        CompletableFuture<@Nullable Bytes> answer = new CompletableFuture<>();
        from.request(N2, Bytes.utf8("x"), answer::complete);
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @AfterEach
    void close() {
        open.forEach(Transport::close);
    }

    @Test
    void allAddressesAreTried() {
        acceptor("127.0.0.3");
        addresses = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
        GrpcTransport one = dialler();
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1);
        assertEquals(List.of(), at1.failures);
        assertEquals(Bytes.utf8("x"), ask(one));
    }

    @Test
    void aNameIsResolvedAnewAtEachAttempt() {
        GrpcTransport one = dialler();
        one.connect(N2);
        await().until(() -> at1.failures.size() == 1);
        assertTrue(at1.failures.get(0).contains("\"node-2.test\" has no address"), at1.failures::toString);
        assertEquals(null, ask(one));

        addresses = List.of("127.0.0.1");
        acceptor("127.0.0.1");
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1);
        assertEquals(Bytes.utf8("x"), ask(one));

        open.get(1).close();
        await().until(() -> at1.closed.size() == 1);
        addresses = List.of("127.0.0.2");
        acceptor("127.0.0.2");
        one.connect(N2);
        await().until(() -> at1.connected.size() == 2);
        await().untilAsserted(() -> assertEquals(Bytes.utf8("x"), ask(one)));
    }

    @Test
    void theLastReasonNamesThePeer() {
        addresses = List.of("127.0.0.1", "127.0.0.2");
        dialler().connect(N2);
        await().until(() -> at1.failures.size() == 1);
        String reason = at1.failures.get(0);
        assertTrue(reason.startsWith(HOST + ":" + port + ": ") && reason.contains("refused"), reason);
    }
}
