package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Transport;
import io.loggos.testkit.VirtualTime;
import io.loggos.testkit.network.MemoryRoster;
import io.loggos.testkit.network.SimulatedNetwork;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Nodes that have nothing but links, on a simulated network. */
final class LinkCluster {
    static final long HB = 100_000_000L;
    static final long ET = 1_000_000_000L;
    static final TransportOptions SMALL = TransportOptions.builder()
            .maxFrameBytes(64 << 10)
            .windowBytes(64 << 10)
            .bufferBytes(128 << 10)
            .build();

    final VirtualTime time = new VirtualTime();
    final RandomGenerator random;
    final SimulatedNetwork network;
    final LinkOracle oracle = new LinkOracle();
    final TreeMap<NodeId, Node> nodes = new TreeMap<>();
    private final LinkRules rules;

    LinkCluster(long seed, int size, LinkRules rules) {
        random = new SplittableRandom(seed);
        network = new SimulatedNetwork(time, random);
        this.rules = rules;
        for (int i = 1; i <= size; i++) {
            nodes.put(NodeId.of(i), new Node(NodeId.of(i)));
        }
    }

    Node node(int id) {
        return nodes.get(NodeId.of(id));
    }

    void startAll() {
        nodes.values().forEach(Node::start);
    }

    void run(long nanos) {
        time.runUntil(time.nanos() + nanos);
    }

    /** True if every node has contact with every other, and knows it of all others. */
    boolean isConnected() {
        for (Node one : nodes.values()) {
            for (NodeId a : nodes.keySet()) {
                for (NodeId b : nodes.keySet()) {
                    if (!one.links().connectivity().connected(a, b)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** A node over its lives. */
    final class Node implements Links.Listener {
        final NodeId id;
        MemoryRoster roster;
        String clusterId = "test";
        TransportOptions options = SMALL;
        List<Bytes> secrets = List.of();
        int formed;
        int connectivityChanges;

        @Nullable
        String refused;

        long life;
        private @Nullable Links links;
        private @Nullable Transport transport;
        private boolean paused;
        private boolean turning;
        private long invalidFramesBefore;
        private long tickAtNanos = Long.MAX_VALUE;

        Node(NodeId id) {
            this.id = id;
            this.roster = new MemoryRoster(id.value());
        }

        Links links() {
            if (links == null) {
                throw new IllegalStateException(id + " does not run");
            }
            return links;
        }

        boolean running() {
            return links != null;
        }

        void start() {
            TreeSet<NodeId> peers = new TreeSet<>(nodes.keySet());
            peers.remove(id);
            life++;
            LinkSettings settings = new LinkSettings(
                    clusterId,
                    id,
                    peers,
                    new TreeMap<>(),
                    roster,
                    TimingOptions.builder()
                            .heartbeatInterval(Duration.ofNanos(HB))
                            .electionTimeout(Duration.ofNanos(ET))
                            .build(),
                    options,
                    life,
                    random,
                    rules,
                    secrets.isEmpty() ? null : new SharedSecret(secrets, new SplittableRandom(life + id.value())));
            links = new Links(settings, this);
            transport = network.attach(id);
            transport.start(new Events());
            turn(l -> l.start(time.nanos()));
        }

        void crash() {
            network.crash(id);
            gone();
        }

        void powerOff() {
            network.powerOff(id);
            gone();
        }

        void pause() {
            if (running()) {
                paused = true;
                network.pause(id);
            }
        }

        void resume() {
            paused = false;
            network.resume(id);
            turn(l -> {});
        }

        void send(NodeId to, int padding) {
            turn(l -> l.send(to, Bytes.EMPTY, LinkOracle.body(life, l.status(to), padding)));
        }

        /** Number of invalid frames over all lives. */
        long invalidFrames() {
            return invalidFramesBefore + (links == null ? 0 : links.invalidFrames());
        }

        private void gone() {
            invalidFramesBefore = invalidFrames();
            formed = 0;
            links = null;
            transport = null;
            tickAtNanos = Long.MAX_VALUE;
            paused = false;
            network.resume(id);
        }

        /** Runs one turn of a loop: an event, the work that is due, and all sends. */
        private void turn(Consumer<Links> event) {
            Links present = links;
            if (present == null || paused || turning) {
                return;
            }
            turning = true;
            event.accept(present);
            if (present.nextTickNanos() <= time.nanos()) {
                present.onTick(time.nanos());
            }
            present.flush(time.nanos());
            present.checkInvariants();
            turning = false;
            long next = present.nextTickNanos();
            if (next < tickAtNanos || tickAtNanos <= time.nanos()) {
                tickAtNanos = next;
                time.at(next, () -> {
                    if (tickAtNanos == next && links == present) {
                        tickAtNanos = Long.MAX_VALUE;
                        turn(l -> {});
                    }
                });
            }
        }

        @Override
        public void connect(NodeId peer) {
            transport.connect(peer);
        }

        @Override
        public void onMessage(NodeId from, long number, Bytes message) {
            oracle.delivered(from, id, life, number, message);
        }

        @Override
        public void onOutgoingReset(NodeId peer) {
            LinkStatus status = links().status(peer);
            oracle.outgoingReset(id, peer, life, status.generation());
            links().send(peer, Bytes.EMPTY, LinkOracle.body(life, status, 10));
        }

        @Override
        public void onIncomingReset(NodeId peer) {
            oracle.incomingReset(peer, id, life);
        }

        @Override
        public void onConnectivityChanged() {
            connectivityChanges++;
        }

        @Override
        public void onPeerRefused(NodeId peer, String reason) {
            refused = reason;
        }

        @Override
        public void onFormed() {
            formed++;
        }

        private final class Events implements Transport.Listener {
            @Override
            public void connected(NodeId peer, Transport.Connection connection) {
                turn(l -> l.onConnected(peer, connection, time.nanos()));
            }

            @Override
            public void connectFailed(NodeId peer, String reason) {
                turn(l -> l.onConnectFailed(peer, reason, time.nanos()));
            }

            @Override
            public void accepted(Transport.Connection connection) {
                turn(l -> l.onAccepted(connection, time.nanos()));
            }

            @Override
            public void received(Transport.Connection connection, Bytes frame) {
                turn(l -> l.onFrame(connection, frame, time.nanos()));
            }

            @Override
            public void closed(Transport.Connection connection, String reason) {
                turn(l -> l.onClosed(connection, reason, time.nanos()));
            }

            @Override
            public @Nullable Bytes requested(Bytes request) {
                return null;
            }
        }
    }
}
