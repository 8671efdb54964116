package io.loggos.snapshot.sim;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.core.LinkStatus;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.testkit.LinkEvents;
import io.loggos.snapshot.core.Channels;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.core.SnapshotProcess;
import io.loggos.snapshot.sim.predicate.Bank;
import io.loggos.snapshot.sim.predicate.BankMessage;
import io.loggos.snapshot.sim.predicate.Book;
import io.loggos.snapshot.wire.SnapshotCodec;
import io.loggos.testkit.sim.TurnLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One life of a node: its links, its snapshots and its bank. The order of calls is that of the production node. */
final class SimLife implements Links.Listener, Channels<NodeId>, TurnLoop.Body {
    private static final TimingOptions TIMING = TimingOptions.ofElectionTimeout(Duration.ofSeconds(1));
    private static final TransportOptions SMALL = new TransportOptions(64 << 10, 64 << 10, 128 << 10);

    final Book book;
    final Bank bank;
    final SnapshotProcess process;
    final TurnLoop loop;
    private final SimCluster cluster;
    private final SimNode node;
    private final Links links;
    private final Transport transport;
    private final SimEffects effects;
    /** Number of connections to each peer so far. */
    private final TreeMap<NodeId, Long> connections = new TreeMap<>();

    private @Nullable View view;

    SimLife(SimCluster cluster, SimNode node, long number) {
        this.cluster = cluster;
        this.node = node;
        TreeSet<NodeId> peers = new TreeSet<>(cluster.ids());
        peers.remove(node.id);
        int work = number == 1 ? cluster.settings.work() / cluster.settings.nodes() : 0;
        Bank.State initial = new Bank.State(1_000, work, 0);
        bank = new Bank(initial);
        book = cluster.ghost.started(node.id, number, initial);
        links = new Links("test", node.id, peers, node.roster, TIMING, SMALL, number, cluster.random, null, this);
        transport = cluster.network.attach(node.id);
        loop = new TurnLoop(cluster, node.id, this);
        effects = new SimEffects(cluster, this);
        process = new SnapshotProcess(node.id, number, this, effects);
    }

    NodeId id() {
        return node.id;
    }

    long life() {
        return book.life;
    }

    boolean isRunning() {
        return node.life() == this;
    }

    boolean isPaused() {
        return loop.isPaused();
    }

    @Nullable
    View view() {
        return view;
    }

    boolean isConnected() {
        return cluster.ids().stream()
                .filter(peer -> !peer.equals(id()))
                .map(links::status)
                .allMatch(status -> status.outgoingUp() && status.incomingUp());
    }

    void turn(Runnable event) {
        loop.turn(event);
    }

    void start() {
        turn(() -> {
            transport.start(new Events());
            links.start(cluster.time.nanos());
        });
    }

    @Override
    public void runTurn(Runnable event) {
        event.run();
        long now = cluster.time.nanos();
        if (links.nextTickNanos() <= now) {
            links.onTick(now);
        }
        if (process.nextTickNanos() <= now) {
            process.onTick(now);
        }
        links.flush(now);
    }

    @Override
    public long nextTickNanos() {
        return Math.min(links.nextTickNanos(), process.nextTickNanos());
    }

    /** The application does something of its own accord: some messages, perhaps some work. */
    void act(int messages) {
        for (int i = 0; i < messages; i++) {
            pass(cluster.random.nextInt(6) == 0 ? 2_000 : 20);
        }
        if (bank.state().work() > 0 && cluster.random.nextBoolean()) {
            bank.worked();
            cluster.ghost.worked(book);
        }
    }

    /** Sends many large messages to one peer. */
    void flood(NodeId to) {
        View present = view;
        for (int i = 0; present != null && present.contains(to) && i < 60; i++) {
            send(to, 1, 0, 4_000);
        }
    }

    /** Starts a snapshot between other things of the same turn. */
    Optional<SnapshotId> startSnapshot(long deadlineNanos) {
        act(cluster.random.nextInt(3));
        Optional<SnapshotId> begun = process.start(cluster.time.nanos() + deadlineNanos, 3, effects::begins);
        if (begun.isEmpty()) {
            cluster.note("no snapshot outside a primary view");
        }
        act(cluster.random.nextInt(3));
        return begun;
    }

    /** Passes something on to another member; other nodes get nothing, since no cut of the view has their part. */
    private void pass(int mostPadding) {
        View present = view;
        List<NodeId> others = new ArrayList<>(present == null ? List.of() : present.members());
        others.remove(id());
        if (!others.isEmpty()) {
            NodeId to = others.get(cluster.random.nextInt(others.size()));
            int tokens = cluster.random.nextInt(1 + (int) bank.state().tokens() / 4);
            int work = cluster.random.nextInt(1 + (int) bank.state().work() / 2);
            send(to, tokens, cluster.random.nextBoolean() ? work : 0, cluster.random.nextInt(mostPadding));
        }
    }

    private void send(NodeId to, int tokens, int work, int padding) {
        BankMessage message = new BankMessage(
                cluster.nextId(),
                id(),
                life(),
                links.status(to).generation(),
                (int) Math.min(tokens, bank.state().tokens()),
                work,
                padding);
        bank.sent(message);
        sendOn(to, message.encode(), message);
    }

    /** Sends over a link; everything that leaves goes this way. */
    void sendOn(NodeId to, Bytes bytes, @Nullable BankMessage message) {
        Position before = sent(to);
        links.send(to, Bytes.EMPTY, bytes);
        boolean taken = sent(to).equals(new Position(before.generation(), before.number() + 1));
        cluster.ghost.sent(book, to, taken, bytes, message, connections.getOrDefault(to, 0L));
    }

    @Override
    public Position sent(NodeId to) {
        LinkStatus status = links.status(to);
        return new Position(status.generation(), status.queued());
    }

    @Override
    public Position received(NodeId from) {
        LinkStatus status = links.status(from);
        return new Position(status.incomingGeneration(), status.received());
    }

    /** The group delivers a message. */
    void delivered(NodeId from, SnapshotMessage message) {
        cluster.trace(id(), () -> "is delivered " + message + " of " + from);
        process.onDelivered(from, message);
    }

    /** The group has another view, or this node is none of its members any more. */
    void changed(@Nullable View next) {
        cluster.trace(id(), () -> "is in " + next);
        view = next;
        process.onView(next);
        cluster.ghost.outcomes.changed(book, next);
    }

    @Override
    public void connect(NodeId peer) {
        transport.connect(peer);
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes bytes) {
        cluster.ghost.received(book, from, bytes);
        if (BankMessage.is(bytes)) {
            process.onMessage(from, number, bytes);
            BankMessage message = BankMessage.decode(bytes);
            if (!message.isFirst()) {
                bank.received(message);
                cluster.ghost.receivedByBank(book, from, message);
                if (cluster.random.nextInt(3) == 0) {
                    pass(20);
                }
            }
        } else {
            SnapshotMessage message = SnapshotCodec.decode(bytes);
            cluster.trace(id(), () -> "receives " + message + " from " + from + " as " + number);
            noteResumption(from, message);
            process.onMessage(from, number, bytes, message);
        }
    }

    private void noteResumption(NodeId from, SnapshotMessage message) {
        SimNode peer = cluster.nodes.get(from);
        SimLife sender = peer == null ? null : peer.life();
        if (message instanceof SnapshotMessage.Marker
                && sender != null
                && cluster.ghost.lastReceived(book, from).connection() < sender.connections.getOrDefault(id(), 0L)) {
            cluster.note("a marker came over a link that was resumed");
        }
    }

    @Override
    public void onOutgoingReset(NodeId peer) {
        long generation = links.status(peer).generation();
        cluster.trace(id(), () -> "begins generation " + generation + " to " + peer);
        cluster.ghost.outgoingReset(book, peer, generation);
        sendOn(peer, BankMessage.first(id(), life(), generation).encode(), null);
        process.onLinkReset(peer);
    }

    @Override
    public void onIncomingReset(NodeId peer) {
        cluster.trace(id(), () -> "is told of a generation from " + peer);
        cluster.ghost.incomingReset(book, peer);
        process.onLinkReset(peer);
    }

    @Override
    public void onConnectivityChanged() {}

    @Override
    public void onPeerRefused(NodeId peer, String reason) {
        cluster.note("a link was refused");
    }

    @Override
    public void onFormed() {}

    /** Events of the links, with a count of connections. */
    private final class Events extends LinkEvents {
        Events() {
            super(cluster.time, loop, links);
        }

        @Override
        public void connected(NodeId peer, Transport.Connection connection) {
            connections.merge(peer, 1L, Long::sum);
            super.connected(peer, connection);
        }
    }
}
