package io.loggos.multicast.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.TransportException;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcTransportTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final TransportOptions SMALL = TransportOptions.builder()
            .maxFrameBytes(64 << 10)
            .windowBytes(64 << 10)
            .bufferBytes(64 << 10)
            .build();

    private final List<Transport> open = new ArrayList<>();
    private final Recorder at1 = new Recorder();
    private final Recorder at2 = new Recorder();

    @AfterEach
    void close() {
        open.forEach(Transport::close);
    }

    @Test
    void framesGoBothWaysInOrderWhateverTheirPieces() {
        connect(TransportOptions.defaults());
        Transport.Connection dialled = at1.connected.get(0);
        Transport.Connection accepted = at2.accepted.get(0);
        for (int i = 0; i < 500; i++) {
            dialled.send(List.of(Bytes.utf8("to"), Bytes.EMPTY, Bytes.utf8("-" + i)));
            accepted.send(List.of(Bytes.utf8("back-" + i)));
        }
        await().until(() -> at1.frames.size() == 500 && at2.frames.size() == 500);
        for (int i = 0; i < 500; i++) {
            assertEquals("to-" + i, at2.frames.get(i).toUtf8());
            assertEquals("back-" + i, at1.frames.get(i).toUtf8());
        }
    }

    @Test
    void anEmptyFrameIsAFrame() {
        connect(TransportOptions.defaults());
        at1.connected.get(0).send(List.of());
        await().until(() -> at2.frames.size() == 1);
        assertEquals(Bytes.EMPTY, at2.frames.get(0));
    }

    @Test
    void theLargestFrameGoesThroughWhole() {
        connect(TransportOptions.defaults());
        byte[] large = new byte[TransportOptions.defaults().maxFrameBytes()];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        Bytes all = Bytes.wrap(large);
        at1.connected.get(0).send(List.of(all.slice(0, 1000), all.slice(1000, large.length - 1000)));
        await().until(() -> at2.frames.size() == 1);
        assertTrue(Arrays.equals(large, at2.frames.get(0).toByteArray()));
    }

    @Test
    void aFrameOverTheLimitEndsTheConnectionAndIsNotRead() {
        connect(SMALL);
        Transport.Connection dialled = at1.connected.get(0);
        dialled.send(List.of(Bytes.wrap(new byte[SMALL.maxFrameBytes()])));
        await().until(() -> at2.frames.size() == 1);
        dialled.send(List.of(Bytes.wrap(new byte[2 << 20])));
        await().until(() -> at1.closed.size() == 1 && at2.closed.size() == 1);
        assertEquals(1, at2.frames.size());
    }

    @Test
    void theDiallersReasonToCloseIsTold() {
        connect(TransportOptions.defaults());
        at1.connected.get(0).send(List.of(Bytes.utf8("last words")));
        at1.connected.get(0).close("n1 has had enough");
        await().until(() -> at2.closed.size() == 1);
        assertEquals(List.of("n1 has had enough"), at2.closed);
        assertEquals("last words", at2.frames.get(0).toUtf8());
        at1.connected.get(0).send(List.of(Bytes.utf8("too late")));
        at2.accepted.get(0).send(List.of(Bytes.utf8("too late")));
        assertEquals(List.of("n1 has had enough"), at1.closed);
    }

    @Test
    void theAcceptorsReasonToCloseIsTold() {
        connect(TransportOptions.defaults());
        at2.accepted.get(0).send(List.of(Bytes.utf8("last words")));
        at2.accepted.get(0).close("n2 has had enough");
        await().until(() -> at1.closed.size() == 1);
        assertEquals(List.of("n2 has had enough"), at1.closed);
        assertEquals("last words", at1.frames.get(0).toUtf8());
        at2.accepted.get(0).close("again");
        assertEquals(List.of("n2 has had enough"), at2.closed);
    }

    @Test
    void aPeerThatIsNotThereIsReported() {
        int nobody = FreePorts.drawOne();
        GrpcTransport one = transport(N1, N2, new Address("127.0.0.1", nobody), "test", TransportOptions.defaults());
        one.start(at1);
        one.connect(N2);
        await().until(() -> at1.failures.size() == 1);
        assertTrue(at1.failures.get(0).contains("refused"), at1.failures.get(0));
        one.connect(N2);
        await().until(() -> at1.failures.size() == 2);
    }

    @Test
    void aPeerThatComesLaterIsReachedAtOnce() {
        GrpcTransport early = transport(N2, N1, new Address("127.0.0.1", 1), "test", TransportOptions.defaults());
        early.start(at2);
        Address address = early.listening();
        early.close();
        GrpcTransport one = transport(N1, N2, address, "test", TransportOptions.defaults());
        one.start(at1);
        for (int i = 1; i <= 5; i++) {
            int failures = i;
            one.connect(N2);
            await().until(() -> at1.failures.size() == failures);
        }
        GrpcTransport late = new GrpcTransport(
                N2,
                "test",
                address,
                new TreeMap<>(),
                TransportOptions.defaults(),
                SecurityOptions.defaults(),
                Meters.NONE);
        open.add(late);
        late.start(at2);
        one.connect(N2);
        await().atMost(2, TimeUnit.SECONDS).until(() -> at1.connected.size() == 1);
    }

    @Test
    void aPortInUseIsNamed() {
        GrpcTransport one = transport(N1, N2, ANY_PORT, "test", TransportOptions.defaults());
        one.start(at1);
        GrpcTransport other = new GrpcTransport(
                N2,
                "test",
                one.listening(),
                new TreeMap<>(),
                TransportOptions.defaults(),
                SecurityOptions.defaults(),
                Meters.NONE);
        TransportException e = assertThrows(TransportException.class, () -> other.start(at2));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "cannot listen on 127.0.0.1:" + one.listening().port() + ": "),
                e.getMessage());
    }

    @Test
    void anUnknownHostIsNamed() {
        GrpcTransport lost = new GrpcTransport(
                N1,
                "test",
                new Address("no-such-host.invalid", 0),
                new TreeMap<>(),
                SMALL,
                SecurityOptions.defaults(),
                Meters.NONE);
        TransportException e = assertThrows(TransportException.class, () -> lost.start(at1));
        assertEquals("cannot listen on no-such-host.invalid:0: no such host", e.getMessage());
    }

    @Test
    void closingTellsThePeersAndEndsAllThreads() {
        connect(TransportOptions.defaults());
        open.get(0).close();
        await().until(() -> at1.closed.size() == 1 && at2.closed.size() == 1);
        assertEquals(List.of("the node is closing"), at2.closed);
        open.get(1).close();
        await().until(() -> threads().isEmpty());
    }

    @Test
    void whatIsNotGrpcDisturbsNobody() throws IOException {
        connect(TransportOptions.defaults());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), open.get(1).listening().port())) {
                byte[] noise = new byte[random.nextInt(2000)];
                random.nextBytes(noise);
                socket.getOutputStream().write(noise);
            } catch (IOException e) {
                assertTrue(i > 0, "nobody listens: " + e);
            }
        }
        at1.connected.get(0).send(List.of(Bytes.utf8("still here")));
        await().until(() -> at2.frames.size() == 1);
        assertEquals(1, at2.accepted.size());
    }

    @Test
    void aBulkRequestIsAnsweredUpToTheLimit() throws Exception {
        connect(TransportOptions.defaults());
        byte[] chunk = new byte[(1 << 20) + (64 << 10)];
        new SplittableRandom(1).nextBytes(chunk);
        at2.answers = request -> request.toUtf8().equals("chunk") ? Bytes.wrap(chunk) : null;
        assertTrue(Arrays.equals(chunk, ask(dialler(), "chunk").toByteArray()));
        assertNull(ask(dialler(), "something else"));
        at2.answers = request -> Bytes.wrap(new byte[chunk.length + 1]);
        assertNull(ask(dialler(), "too much"));
        at2.answers = request -> {
            throw new IllegalStateException("no");
        };
        assertNull(ask(dialler(), "anything"));
        at2.answers = request -> Bytes.utf8("yes");
        assertEquals("yes", ask(dialler(), "anything").toUtf8());
    }

    @Test
    void aBulkRequestOfAStrangerIsRefused() throws Exception {
        GrpcTransport two = transport(N2, N1, new Address("127.0.0.1", 1), "test", TransportOptions.defaults());
        at2.answers = request -> Bytes.utf8("secret");
        two.start(at2);
        GrpcTransport foreign = transport(N1, N2, two.listening(), "other", TransportOptions.defaults());
        foreign.start(at1);
        assertNull(ask(foreign, "x"));
        GrpcTransport stranger = new GrpcTransport(
                NodeId.of(3),
                "test",
                ANY_PORT,
                peer(N2, two.listening()),
                SMALL,
                SecurityOptions.defaults(),
                Meters.NONE);
        open.add(stranger);
        stranger.start(at1);
        assertNull(ask(stranger, "x"));
        GrpcTransport mistaken = new GrpcTransport(
                N1,
                "test",
                ANY_PORT,
                peer(NodeId.of(4), two.listening()),
                SMALL,
                SecurityOptions.defaults(),
                Meters.NONE);
        open.add(mistaken);
        mistaken.start(at1);
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        mistaken.request(NodeId.of(4), Bytes.utf8("x"), answer::complete);
        assertNull(answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aBulkRequestIntoTheVoidIsAnsweredByNull() throws Exception {
        GrpcTransport one = transport(N1, N2, new Address("127.0.0.1", 1), "test", TransportOptions.defaults());
        one.start(at1);
        assertNull(ask(one, "x"));
        one.close();
        assertNull(ask(one, "x"));
    }

    /** Lets node 1 dial node 2. */
    private void connect(TransportOptions options) {
        GrpcTransport two = transport(N2, N1, new Address("127.0.0.1", 1), "test", options);
        two.start(at2);
        GrpcTransport one = transport(N1, N2, two.listening(), "test", options);
        one.start(at1);
        Collections.reverse(open);
        one.connect(N2);
        await().until(() -> at1.connected.size() == 1 && at2.accepted.size() == 1);
    }

    private Transport dialler() {
        return open.get(0);
    }

    private GrpcTransport transport(
            NodeId self, NodeId peer, Address peerAt, String cluster, TransportOptions options) {
        Address known = peerAt.port() == 0 ? new Address(peerAt.host(), 1) : peerAt;
        GrpcTransport made = new GrpcTransport(
                self, cluster, ANY_PORT, peer(peer, known), options, SecurityOptions.defaults(), Meters.NONE);
        open.add(made);
        return made;
    }

    private static SortedMap<NodeId, Address> peer(NodeId peer, Address at) {
        TreeMap<NodeId, Address> peers = new TreeMap<>();
        peers.put(peer, at);
        return peers;
    }

    private static Bytes ask(Transport from, String request) throws Exception {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        from.request(N2, Bytes.utf8(request), answer::complete);
        return answer.get(20, TimeUnit.SECONDS);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("loggos-(grpc|bulk|dial)-n[12]-.*"))
                .toList();
    }
}
