package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.wire.DataFrame;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.FrameCodec;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All links of one node.
 *
 * <p>A link i→j is one-way FIFO: no loss, no duplicate, no reordering within one generation. It uses one connection
 * that i dials to j: data and heartbeats go one way, cumulative acknowledgements come back. So two nodes have two
 * connections.
 *
 * <p>A link outlives its connections. A generation ends when an end is a new process or the buffer overflows, and both
 * ends are told.
 *
 * <p>Pure: called on the node's one loop thread, with events of the transport and the time. {@code now} is monotonic,
 * in nanoseconds, and never goes back. No input from a peer makes a method throw.
 */
public final class Links {
    private static final int LATE_HEARTBEATS = 2;

    /**
     * Requests and reports of the links. They come from within the methods of {@link Links}, of which it may call only
     * send.
     */
    public interface Listener {
        /** Asks the transport to dial a peer. */
        void connect(NodeId peer);

        /**
         * Delivers a message, the {@code number}-th of the generation, from 1. It is a slice of its frame.
         *
         * @throws MalformedException if the message cannot be taken; its link ends with INVALID (RULES.md O-9)
         */
        void onMessage(NodeId from, long number, Bytes message);

        /**
         * Reports that a generation of the link to a peer begins, the first one included.
         *
         * <p>The peer is there. Messages that were sent before and not delivered are lost, and state has to be sent
         * anew.
         */
        void onOutgoingReset(NodeId peer);

        /** Reports that a generation of the link from a peer begins, the first one included: message 1 comes next. */
        void onIncomingReset(NodeId peer);

        /** Reports that an answer of {@link Links#connectivity} may have changed. */
        void onConnectivityChanged();

        /**
         * Reports that this node has refused a node, or was refused by it. For logs and metrics; a peer can cause this
         * as often as it likes.
         *
         * @param peer the id that the node claims; not necessarily a configured peer
         * @param reason what was wrong; the other end may not have been told
         */
        void onPeerRefused(NodeId peer, String reason);

        /** Reports, once in the life of these links, that every peer has remembered this node's incarnation. */
        void onFormed();

        /**
         * Reports, once, that this node's store has lost writes (RULES.md O-4). There are no links from now on.
         *
         * @param reason the reason, and what to do
         */
        default void onFenced(String reason) {}

        /**
         * Reports that a peer knows this node's store as one that is no member any more.
         *
         * @param reason the reason, with the number of the configuration
         */
        default void onRemoved(String reason) {}
    }

    private final LinkSettings settings;
    private final Listener listener;
    private final Handshake handshake;
    private final FailureDetector detector;
    private final PendingConnections pending;
    private final LinkPeers peers;
    private final Reception reception;

    /** Time of the event that is being handled, or was handled last. */
    private long now;
    /** Time of the next heartbeat; so there is a tick at least that often. */
    private long nextHeartbeatNanos = Long.MAX_VALUE;

    private boolean running;

    /**
     * Creates the links of a node.
     *
     * @param life a number of this process start, other than that of any before
     * @param secret the secret of the cluster; null if it has none
     */
    public Links(
            String clusterId,
            NodeId self,
            SortedSet<NodeId> peers,
            Roster roster,
            TimingOptions timing,
            TransportOptions options,
            long life,
            RandomGenerator random,
            @Nullable SharedSecret secret,
            Listener listener) {
        this(
                new LinkSettings(
                        clusterId,
                        self,
                        new TreeSet<>(peers),
                        new TreeMap<>(),
                        roster,
                        timing,
                        options,
                        life,
                        random,
                        new LinkRules(),
                        secret),
                listener);
    }

    Links(LinkSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        handshake = new Handshake(settings);
        detector = new FailureDetector(settings.self(), settings.peers(), settings.timing());
        pending = new PendingConnections(settings.electionNanos());
        peers = new LinkPeers(settings, listener, handshake, detector);
        reception = new Reception(settings, listener, handshake, detector, peers.all, pending);
    }

    /** Returns the contacts between the nodes. */
    public Connectivity connectivity() {
        return detector;
    }

    /**
     * Replaces the peers. Those that are no peers any more are told that they are removed, and are refused.
     *
     * @param removed the stores that are no members any more, with the number of the configuration that lacks them
     */
    public void peers(SortedSet<NodeId> newPeers, SortedMap<Long, Long> removed, long now) {
        this.now = now;
        peers.change(newPeers, removed, running && !reception.isFenced(), now);
        listener.onConnectivityChanged();
    }

    /** Begins to dial the peers. */
    public void start(long now) {
        this.now = now;
        running = true;
        nextHeartbeatNanos = now;
        peers.all.values().forEach(peer -> peer.dialler.start(now));
        reception.checkFenced(now);
        reception.checkFormed();
        onTick(now);
    }

    /** Takes an open connection to a peer that was asked for. */
    public void onConnected(NodeId id, Connection c, long now) {
        this.now = now;
        Peer peer = peers.all.get(id);
        if (!running || reception.isFenced() || peer == null || !peer.dialler.connected(c, now)) {
            c.close("a connection too many");
            return;
        }
        peer.greeting = null;
        if (settings.secret() == null) {
            reception.greet(peer, c, Bytes.EMPTY);
        }
    }

    /** Notes that a connection to a peer could not be opened. */
    public void onConnectFailed(NodeId id, String reason, long now) {
        this.now = now;
        Peer peer = peers.all.get(id);
        if (running && peer != null && peer.dialler.state() == Dialler.State.DIALLING) {
            peer.dialler.gone(now);
            detector.redialFailed(id);
        }
    }

    /** Takes a connection that another node has opened to this one. */
    public void onAccepted(Connection c, long now) {
        this.now = now;
        if (running) {
            Challenge challenge = handshake.challenge();
            boolean room = pending.add(c, challenge == null ? Bytes.EMPTY : challenge.nonce(), now);
            if (room && challenge != null) {
                c.send(List.of(FrameCodec.encode(challenge)));
            }
        } else {
            c.close("this node is closing");
        }
    }

    /** Takes a frame. Bytes that are no frame, or a frame out of place, end the connection. */
    public void onFrame(Connection c, Bytes bytes, long now) {
        this.now = now;
        if (!running) {
            return;
        }
        reception.onFrame(c, bytes, now);
        settle();
    }

    /** Notes that a connection has ended; has no effect if these links closed it. */
    public void onClosed(Connection c, String reason, long now) {
        this.now = now;
        for (Peer peer : peers.all.values()) {
            if (peer.dialler.uses(c)) {
                peer.lost(detector);
                peer.dialler.gone(now);
            } else if (peer.incoming.uses(c)) {
                peer.incoming.closed();
                detector.broke(peer.id);
            }
        }
        pending.remove(c);
    }

    /**
     * Does all work that is due: dials, heartbeats, time-outs. Call it at {@link #nextTickNanos}, or at any other time.
     */
    public void onTick(long now) {
        this.now = now;
        if (!running) {
            return;
        }
        if (now - nextHeartbeatNanos > LATE_HEARTBEATS * settings.heartbeatNanos()) {
            detector.pardon(now);
            peers.all.values().forEach(peer -> {
                peer.dialler.pardon(now);
                peer.incoming.heard(now);
            });
        }
        for (Peer peer : peers.all.values()) {
            tick(peer);
        }
        pending.tick(now);
        detector.judge(now);
        if (now >= nextHeartbeatNanos) {
            nextHeartbeatNanos = now + settings.heartbeatNanos();
            List<Bytes> heartbeat = List.of(
                    FrameCodec.encode(detector.heartbeat(settings.roster().syncedWrites())));
            for (Peer peer : peers.all.values()) {
                Connection c = peer.dialler.established();
                if (c != null) {
                    c.send(heartbeat);
                }
            }
        }
        flush(now);
        settle();
        checkInvariants();
    }

    /** Time at which {@link #onTick} next has work. */
    public long nextTickNanos() {
        if (!running) {
            return Long.MAX_VALUE;
        }
        long next = Math.min(nextHeartbeatNanos, Math.min(pending.nextTickNanos(), detector.nextVerdictNanos()));
        return Math.min(next, peers.nextTickNanos());
    }

    /**
     * Queues a message, which is {@code head} followed by {@code body}.
     *
     * <p>Neither is copied; both may be given for several peers. The message is dropped if no generation is open: the
     * next one begins with a reset.
     *
     * @param to the receiver; a message to a node that is no peer is dropped, too
     * @throws IllegalArgumentException if the message does not fit into a frame
     */
    public void send(NodeId to, Bytes head, Bytes body) {
        Peer peer = peers.all.get(to);
        if (peer == null) {
            return;
        }
        long size = DataFrame.sizeOf((long) head.size() + body.size());
        if (size > settings.options().maxFrameBytes()) {
            throw new IllegalArgumentException("a message of " + size + " bytes with its frame, the limit is "
                    + settings.options().maxFrameBytes());
        }
        if (!peer.outgoing.send(head, body) && peer.dialler.established() != null) {
            peer.dialler.drop("the buffer for " + to + " is full", now);
        }
    }

    /** Sends queued messages and due acknowledgements: one frame for each peer, if the limits permit. */
    public void flush(long now) {
        this.now = now;
        peers.flush();
    }

    /**
     * Gives the peers no more credit, or credit again.
     *
     * <p>Without credit a peer sends one window and no more. Nothing is lost, and heartbeats go on. Call it before
     * {@link #flush}, for as long as this node cannot take more.
     */
    public void withhold(boolean withheld) {
        peers.all.values().forEach(peer -> peer.incoming.withhold(withheld));
    }

    /** Ends all connections. Nothing happens after this. */
    public void close(String reason) {
        running = false;
        peers.all.values().forEach(peer -> peer.drop(reason, now));
        pending.closeAll(reason);
    }

    /** Returns the state of the links to and from a peer. */
    public LinkStatus status(NodeId id) {
        return peer(id).status();
    }

    /** The size of the largest frame. */
    public int maxFrameBytes() {
        return settings.options().maxFrameBytes();
    }

    /** Time at which a peer was last heard, in monotonic nanoseconds; {@link Long#MIN_VALUE} if it is suspected. */
    public long heardNanos(NodeId peer) {
        return detector.heardNanos(peer);
    }

    /** Bytes of messages that are kept for peers, on their way or not sent yet. For a meter; any thread. */
    public long bufferedBytes() {
        return peers.bufferedBytes();
    }

    /** Number of connections that were ended because of what came over them. */
    public long invalidFrames() {
        return reception.invalidFrames();
    }

    /** Throws if an invariant that is written at a field does not hold; each tick ends with it. */
    void checkInvariants() {
        peers.all.values().forEach(Peer::checkInvariants);
    }

    private void tick(Peer peer) {
        String overdue = peer.dialler.overdue(now, peer.outgoing.inFlightBytes());
        if (overdue != null) {
            reception.unchallenged(peer);
            peer.lost(detector);
            peer.dialler.drop(overdue, now);
        }
        if (peer.incoming.tick(now)) {
            detector.broke(peer.id);
        }
        if (peer.dialler.dialIsDue(now)) {
            listener.connect(peer.id);
        }
    }

    /** Reports the changes of an event, once it is handled. */
    private void settle() {
        if (detector.takeChanged()) {
            listener.onConnectivityChanged();
        }
    }

    private Peer peer(NodeId id) {
        Peer peer = peers.all.get(id);
        if (peer == null) {
            throw new IllegalArgumentException(id + " is not a peer of " + settings.self());
        }
        return peer;
    }
}
