package io.loggos.paxos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.Node;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Transport;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.grpc.GrpcTransport;
import io.loggos.multicast.wire.DataFrame;
import io.loggos.multicast.wire.Frame;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.wire.SnapshotCodec;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger at the port of a real node, who says that it is node 2 (RULES.md B-3, B-6 and O-9 of multicast). */
class StrangersTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private @Nullable Node node;
    private @Nullable Stranger stranger;

    @AfterEach
    void close() {
        if (stranger != null) {
            stranger.transport.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void withoutTheSecretNobodyIsMetAndNothingIsTold() {
        SecurityOptions secret = SecurityOptions.builder()
                .secret(Bytes.utf8("what only the nodes know"))
                .build();
        Node attacked = start(secret);
        Stranger attacker = attack(attacked);
        List<Hello> claims = List.of(
                new Hello(1, 1, "?", N2, N2, 0, 0, 1, WriteMark.NONE),
                new Hello(1, 1, "loggos", N2, N2, 0, 0, 1, WriteMark.NONE),
                new Hello(1, 1, "loggos", NodeId.of(7), N1, 0, 0, 1, WriteMark.NONE),
                new Hello(1, 1, "loggos", N2, N1, 0, 0, 1, WriteMark.NONE),
                new Hello(1, 1, "loggos", N2, N1, 5, 5, Long.MAX_VALUE, WriteMark.NONE),
                new Hello(1, 1, "loggos", N2, N1, 5, 5, 2, WriteMark.NONE)
                        .with(Bytes.wrap(new byte[32]), Bytes.wrap(new byte[32])));
        for (Hello claim : claims) {
            Transport.Connection connection = attacker.connect();
            connection.send(List.of(FrameCodec.encode(claim)));
            attacker.await(1);
            assertEquals(Refused.UNTOLD, attacker.frames.get(1));
            assertTrue(attacker.frames.get(0) instanceof Challenge);
            attacker.forget();
        }
        assertEquals(2, attacked.status().unmet().size());
        assertNull(attacker.ask(Bytes.utf8("anything")));
    }

    @Test
    void aMessageThatNobodyCanHaveSentEndsItsLinkAndNothingElse() {
        Node attacked = start(SecurityOptions.defaults());
        attacked.keyValueStore("kv");
        Stranger attacker = attack(attacked);
        Transport.Connection connection = attacker.connect();
        connection.send(List.of(FrameCodec.encode(new Hello(1, 1, "loggos", N2, N1, 2, 200, 1, WriteMark.NONE))));
        attacker.await(0);
        assertTrue(attacker.frames.get(0) instanceof Welcome);
        SnapshotId ofNobody = new SnapshotId(NodeId.of(9), 1, 1);
        Bytes marker = SnapshotCodec.encode(new SnapshotMessage.Marker(ofNobody, new ViewId(1, N1, 1), 1));
        DataFrame data = new DataFrame(1, 1, 0);
        data.add(Bytes.EMPTY, marker);
        connection.send(data.toPieces());
        await().atMost(DEADLINE).until(() -> !attacker.closed.isEmpty());
        assertEquals("INVALID: message 1: a snapshot of n9, which is no node of this cluster", attacker.closed.get(0));
        assertNull(attacked.status().replicas().get(0).halted());

        attacker.forget();
        attacker.connect()
                .send(List.of(FrameCodec.encode(new Hello(1, 1, "loggos", N2, N1, 2, 200, 2, WriteMark.NONE))));
        attacker.await(0);
        Welcome again = (Welcome) attacker.frames.get(0);
        assertEquals(1, again.received());
        assertEquals(false, again.resumable());
    }

    private Node start(SecurityOptions security) {
        List<Integer> ports = FreePorts.draw(3);
        Node started = Node.builder()
                .id(1)
                .listen("127.0.0.1:" + ports.get(0))
                .peer(2, "127.0.0.1:" + ports.get(1))
                .peer(3, "127.0.0.1:" + ports.get(2))
                .dataDirectory(directory)
                .security(security)
                .open();
        node = started;
        return started;
    }

    private Stranger attack(Node attacked) {
        Stranger attacker = new Stranger(attacked.listening());
        stranger = attacker;
        return attacker;
    }

    /** A transport without a node behind it. */
    private static final class Stranger implements Transport.Listener {
        final GrpcTransport transport;
        final List<Transport.Connection> connections = new CopyOnWriteArrayList<>();
        final List<Frame> frames = new CopyOnWriteArrayList<>();
        final List<String> closed = new CopyOnWriteArrayList<>();
        final List<Bytes> answers = new CopyOnWriteArrayList<>();

        Stranger(Address node) {
            transport = new GrpcTransport(
                    N2,
                    "loggos",
                    new Address("127.0.0.1", 0),
                    new TreeMap<>(Map.of(N1, node)),
                    TransportOptions.defaults(),
                    SecurityOptions.defaults(),
                    Meters.NONE);
            transport.start(this);
        }

        Transport.Connection connect() {
            transport.connect(N1);
            org.awaitility.Awaitility.await().atMost(DEADLINE).until(() -> !connections.isEmpty());
            return connections.get(0);
        }

        void await(int index) {
            org.awaitility.Awaitility.await().atMost(DEADLINE).until(() -> frames.size() > index);
        }

        void forget() {
            connections.forEach(each -> each.close("enough"));
            connections.clear();
            frames.clear();
            closed.clear();
        }

        @Nullable
        Bytes ask(Bytes request) {
            transport.request(N1, request, answer -> answers.add(answer == null ? Bytes.EMPTY : answer));
            org.awaitility.Awaitility.await().atMost(DEADLINE).until(() -> !answers.isEmpty());
            return answers.get(0).isEmpty() ? null : answers.get(0);
        }

        @Override
        public void connected(NodeId peer, Transport.Connection connection) {
            connections.add(connection);
        }

        @Override
        public void connectFailed(NodeId peer, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void accepted(Transport.Connection connection) {}

        @Override
        public void received(Transport.Connection connection, Bytes frame) {
            frames.add(FrameCodec.decode(frame));
        }

        @Override
        public void closed(Transport.Connection connection, String reason) {
            closed.add(reason);
        }

        @Override
        public @Nullable Bytes requested(Bytes request) {
            return null;
        }
    }
}
