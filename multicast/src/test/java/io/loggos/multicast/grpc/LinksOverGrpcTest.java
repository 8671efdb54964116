package io.loggos.multicast.grpc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Address;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.SystemClock;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.core.Links;
import io.loggos.testkit.network.FreePorts;
import io.loggos.testkit.network.MemoryRoster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three nodes with real links over real sockets, one thread each. */
class LinksOverGrpcTest {
    private static final int MESSAGES = 2000;

    private final TreeMap<NodeId, Address> addresses = new TreeMap<>();
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void messagesArriveInOrderAndAProcessThatIsReplacedIsMetAnew() {
        for (int i = 1; i <= 3; i++) {
            addresses.put(NodeId.of(i), new Address("127.0.0.1", FreePorts.drawOne()));
        }
        for (NodeId id : addresses.keySet()) {
            nodes.add(new TestNode(id, 1));
        }
        await().until(() -> nodes.stream().allMatch(node -> node.formed && node.resets.size() == 2));
        TestNode one = nodes.get(0);
        TestNode two = nodes.get(1);
        TestNode three = nodes.get(2);
        for (int i = 0; i < MESSAGES; i++) {
            one.send(two.id, i % 1000);
            two.send(one.id, i % 10);
        }
        await().until(() ->
                two.numbers(one.id).size() == MESSAGES && one.numbers(two.id).size() == MESSAGES);
        List<Long> expected = LongStream.rangeClosed(1, MESSAGES).boxed().toList();
        assertEquals(expected, two.numbers(one.id));
        assertEquals(expected, one.numbers(two.id));

        three.close();
        TestNode again = new TestNode(three.id, 2);
        nodes.add(again);
        await().until(() -> one.resets.stream().filter(three.id::equals).count() == 2);
        one.send(three.id, 5);
        await().until(() -> again.numbers(one.id).equals(List.of(1L)));
    }

    private final class TestNode implements Links.Listener, Transport.Listener {
        final NodeId id;
        final List<NodeId> resets = new CopyOnWriteArrayList<>();
        volatile boolean formed;
        private final ConcurrentSkipListMap<NodeId, List<Long>> received = new ConcurrentSkipListMap<>();
        private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1);
        private final SystemClock clock = new SystemClock();
        private final Transport transport;
        private final Links links;

        TestNode(NodeId id, long life) {
            this.id = id;
            TreeMap<NodeId, Address> peers = new TreeMap<>(addresses);
            Address listen = peers.remove(id);
            transport = new GrpcTransport(
                    id, "test", listen, peers, TransportOptions.defaults(), SecurityOptions.defaults(), Meters.NONE);
            links = new Links(
                    "test",
                    id,
                    new TreeSet<>(peers.keySet()),
                    new MemoryRoster(id.value()),
                    TimingOptions.ofElectionTimeout(Duration.ofSeconds(2)),
                    TransportOptions.defaults(),
                    life,
                    new SplittableRandom(id.value()),
                    null,
                    this);
            transport.start(this);
            turn(l -> l.start(clock.nanos()));
            Future<?> unused = loop.scheduleAtFixedRate(this::tick, 5, 5, TimeUnit.MILLISECONDS);
        }

        List<Long> numbers(NodeId from) {
            return received.getOrDefault(from, List.of());
        }

        void send(NodeId to, int size) {
            turn(l -> l.send(to, Bytes.utf8("head"), Bytes.wrap(new byte[size])));
        }

        void close() {
            transport.close();
            loop.shutdownNow();
        }

        private void tick() {
            links.onTick(clock.nanos());
        }

        private void turn(Consumer<Links> event) {
            try {
                Future<?> unused = loop.submit(() -> {
                    event.accept(links);
                    links.flush(clock.nanos());
                });
            } catch (RejectedExecutionException e) {
                assertEquals(true, loop.isShutdown());
            }
        }

        @Override
        public void connect(NodeId peer) {
            transport.connect(peer);
        }

        @Override
        public void onMessage(NodeId from, long number, Bytes message) {
            received.computeIfAbsent(from, key -> new CopyOnWriteArrayList<>()).add(number);
        }

        @Override
        public void onOutgoingReset(NodeId peer) {
            resets.add(peer);
        }

        @Override
        public void onIncomingReset(NodeId peer) {}

        @Override
        public void onConnectivityChanged() {}

        @Override
        public void onPeerRefused(NodeId peer, String reason) {}

        @Override
        public void onFormed() {
            formed = true;
        }

        @Override
        public void connected(NodeId peer, Transport.Connection connection) {
            turn(l -> l.onConnected(peer, connection, clock.nanos()));
        }

        @Override
        public void connectFailed(NodeId peer, String reason) {
            turn(l -> l.onConnectFailed(peer, reason, clock.nanos()));
        }

        @Override
        public void accepted(Transport.Connection connection) {
            turn(l -> l.onAccepted(connection, clock.nanos()));
        }

        @Override
        public void received(Transport.Connection connection, Bytes frame) {
            turn(l -> l.onFrame(connection, frame, clock.nanos()));
        }

        @Override
        public void closed(Transport.Connection connection, String reason) {
            turn(l -> l.onClosed(connection, reason, clock.nanos()));
        }

        @Override
        public @Nullable Bytes requested(Bytes request) {
            return null;
        }
    }
}
