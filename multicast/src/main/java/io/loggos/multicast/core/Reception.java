package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.wire.Frame;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Handles all frames that arrive on the connections of a node.
 *
 * <p>A connection was dialled by this node, or belongs to a peer that was welcomed, or has sent no Hello yet. Each sort
 * accepts some kinds of frames. Any other frame, or bytes that are no frame, close it as INVALID.
 */
final class Reception {
    private final LinkSettings settings;
    private final Links.Listener listener;
    private final Handshake handshake;
    private final FailureDetector detector;
    private final SortedMap<NodeId, Peer> peers;
    private final PendingConnections pending;
    private final Frame.Handler<Peer> dialledFrames = new DialledFrames();
    private final Frame.Handler<Peer> acceptedFrames = new AcceptedFrames();
    private final Frame.Handler<Pending> firstFrames = new FirstFrames();

    /** Time of the frame that is being handled. */
    private long now;

    private boolean formed;
    private boolean fenced;
    private long invalidFrames;

    Reception(
            LinkSettings settings,
            Links.Listener listener,
            Handshake handshake,
            FailureDetector detector,
            SortedMap<NodeId, Peer> peers,
            PendingConnections pending) {
        this.settings = settings;
        this.listener = listener;
        this.handshake = handshake;
        this.detector = detector;
        this.peers = peers;
        this.pending = pending;
    }

    long invalidFrames() {
        return invalidFrames;
    }

    /** Reports, once, that every peer has remembered this node. */
    void checkFormed() {
        if (!formed && settings.roster().rememberedBy().containsAll(settings.peers())) {
            formed = true;
            listener.onFormed();
        }
    }

    /** True if this node takes no part any more. */
    boolean isFenced() {
        return fenced;
    }

    /** Ends all links for good, tells the peers why, and reports it once, if this node's store is fenced. */
    void checkFenced(long now) {
        Optional<String> reason = settings.roster().fenced();
        if (!fenced && reason.isPresent()) {
            fenced = true;
            Refused refused = Handshake.amnesia(reason.get());
            peers.values().forEach(peer -> peer.refuse(refused, detector, now));
            listener.onFenced(refused.text());
        }
    }

    void onFrame(Connection c, Bytes bytes, long now) {
        this.now = now;
        for (Peer peer : peers.values()) {
            if (peer.dialler.uses(c)) {
                onDialled(peer, bytes);
                return;
            }
            if (peer.incoming.uses(c)) {
                onAccepted(peer, bytes);
                return;
            }
        }
        Bytes challenge = pending.remove(c);
        if (challenge != null) {
            String wrong = dispatch(bytes, new Pending(c, challenge), firstFrames);
            if (wrong != null) {
                invalidFrames++;
                c.close("INVALID: " + wrong);
            }
        }
    }

    /**
     * Sends the Hello to a peer.
     *
     * @param challenge the peer's nonce; empty if there is no secret
     */
    void greet(Peer peer, Connection c, Bytes challenge) {
        Handshake.Greeting greeting = handshake.greeting(peer.id, peer.dialler.attempt(), challenge);
        peer.greeting = greeting;
        c.send(List.of(FrameCodec.encode(greeting.hello())));
    }

    /** Reports a peer that has not asked for a proof in time, if this node waits for it. */
    void unchallenged(Peer peer) {
        if (peer.dialler.greeting() != null && peer.greeting == null) {
            reportRefusal(
                    peer.id,
                    "what answers at the address of " + peer.id + " asks for no proof, and " + settings.self()
                            + " has a secret");
        }
    }

    private void onDialled(Peer peer, Bytes bytes) {
        peer.dialler.heard(now);
        if (peer.dialler.established() != null) {
            detector.heard(peer.id, now);
        }
        String wrong = dispatch(bytes, peer, dialledFrames);
        if (wrong != null) {
            invalidFrames++;
            peer.lost(detector);
            peer.dialler.drop("INVALID: " + wrong, now);
        }
    }

    private void onAccepted(Peer peer, Bytes bytes) {
        peer.incoming.heard(now);
        detector.heard(peer.id, now);
        String wrong = dispatch(bytes, peer, acceptedFrames);
        if (wrong != null) {
            invalidFrames++;
            peer.incoming.drop("INVALID: " + wrong);
        }
    }

    private <C> @Nullable String dispatch(Bytes bytes, C context, Frame.Handler<C> handler) {
        int limit = settings.options().maxFrameBytes();
        if (bytes.size() > limit) {
            return "a frame of " + bytes.size() + " bytes, the limit is " + limit;
        }
        Frame frame;
        try {
            frame = FrameCodec.decode(bytes);
        } catch (MalformedException e) {
            return e.getMessage();
        }
        return frame.dispatch(context, handler);
    }

    private void reportRefusal(NodeId id, String text) {
        Peer peer = peers.get(id);
        if (peer != null) {
            peer.refusal = text;
        }
        listener.onPeerRefused(id, text);
    }

    /** Reports that this node is no member any more, if the other end is a peer and says so. */
    private void tellRemoved(Peer peer, Refused refused) {
        if (refused.code() == Refusal.REMOVED) {
            listener.onRemoved(peer.id + " says: " + refused.text());
        }
    }

    private static String with(Connection c, String text) {
        String otherEnd = c.otherEnd();
        return otherEnd.isEmpty() ? text : text + " (" + otherEnd + ")";
    }

    /** An accepted connection without a Hello, and the nonce that it was sent. */
    private record Pending(Connection connection, Bytes challenge) {}

    /** Frames on a connection that this node has dialled. */
    private final class DialledFrames extends FramesOutOfPlace<Peer> {
        @Override
        public @Nullable String onWelcome(Peer peer, Welcome welcome) {
            Connection c = peer.dialler.greeting();
            Handshake.Greeting greeting = peer.greeting;
            if (c == null || greeting == null) {
                return super.onWelcome(peer, welcome);
            }
            if (!settings.rules().isPlausible(welcome.generation(), peer.outgoing.generation())) {
                return "generation " + welcome.generation() + " after " + peer.outgoing.generation();
            }
            Refused refused = handshake.check(c, peer.id, greeting, welcome);
            if (refused != null) {
                boolean told = handshake.isProved(c, peer.id, greeting, welcome);
                refuse(peer, c, refused, told ? refused : refused.forStrangers());
                checkFenced(now);
                return null;
            }
            peer.greeting = null;
            peer.refusal = null;
            peer.dialler.welcomed();
            detector.reconnected(peer.id);
            detector.heard(peer.id, now);
            boolean begins = peer.outgoing.welcomed(welcome);
            peer.outgoing.announce(c);
            c.send(List.of(
                    FrameCodec.encode(detector.heartbeat(settings.roster().syncedWrites()))));
            checkFormed();
            if (begins) {
                listener.onOutgoingReset(peer.id);
            }
            return null;
        }

        @Override
        public @Nullable String onChallenge(Peer peer, Challenge challenge) {
            Connection c = peer.dialler.greeting();
            if (c == null) {
                return super.onChallenge(peer, challenge);
            }
            if (settings.secret() == null) {
                String text = peer.id + " asks for the proof of a secret, and " + settings.self() + " has none";
                refuse(peer, c, new Refused(Refusal.UNPROVED, text), Refused.UNTOLD);
                return null;
            }
            if (peer.greeting != null || challenge.nonce().size() != SharedSecret.NONCE_BYTES) {
                return super.onChallenge(peer, challenge);
            }
            greet(peer, c, challenge.nonce());
            return null;
        }

        @Override
        public @Nullable String onRefused(Peer peer, Refused refused) {
            refusedTo(peer, refused, refused.text());
            return null;
        }

        @Override
        public @Nullable String onAck(Peer peer, Ack ack) {
            return peer.dialler.established() == null ? super.onAck(peer, ack) : peer.outgoing.ack(ack);
        }

        private void refuse(Peer peer, Connection c, Refused refused, Refused told) {
            c.send(List.of(FrameCodec.encode(told)));
            String text = with(c, refused.text());
            refusedTo(peer, new Refused(refused.code(), text), told.text());
        }

        private void refusedTo(Peer peer, Refused refused, String lastWords) {
            tellRemoved(peer, refused);
            peer.lost(detector);
            peer.dialler.drop(lastWords, now);
            if (!refused.code().passing()) {
                peer.dialler.refused(now);
            }
            boolean untold = refused.code() == Refusal.UNTOLD;
            reportRefusal(
                    peer.id, untold ? peer.id + " refuses " + settings.self() + "; its log says why" : refused.text());
        }
    }

    /** Frames on a connection of a peer that was welcomed. */
    private final class AcceptedFrames extends FramesOutOfPlace<Peer> {
        @Override
        public @Nullable String onData(Peer peer, Data data) {
            return peer.incoming.data(data);
        }

        @Override
        public @Nullable String onHeartbeat(Peer peer, Heartbeat heartbeat) {
            peer.incoming.heartbeat(heartbeat.syncedWrites());
            detector.heartbeat(peer.id, heartbeat, now);
            return null;
        }

        @Override
        public @Nullable String onRefused(Peer peer, Refused refused) {
            peer.incoming.drop(refused.text());
            reportRefusal(peer.id, refused.text());
            tellRemoved(peer, refused);
            return null;
        }
    }

    /** First frame on a connection that was accepted. */
    private final class FirstFrames extends FramesOutOfPlace<Pending> {
        @Override
        public @Nullable String onHello(Pending first, Hello hello) {
            Connection c = first.connection();
            Handshake.Proved proved = handshake.proved(c, hello, first.challenge());
            Refused refused = handshake.check(c, hello, proved);
            Peer peer = peers.get(hello.from());
            if (refused == null && peer != null) {
                refused = peer.incoming.hello(
                        hello, welcome -> Handshake.proved(welcome, hello, first.challenge(), proved), c, now);
                if (refused == null) {
                    detector.heard(peer.id, now);
                    peer.dialler.peerIsThere(now);
                }
            }
            if (refused != null) {
                Refused told = proved.told(refused);
                c.send(List.of(FrameCodec.encode(told)));
                c.close(told.text());
                reportRefusal(hello.from(), with(c, refused.text()));
                checkFenced(now);
            }
            return null;
        }
    }
}
