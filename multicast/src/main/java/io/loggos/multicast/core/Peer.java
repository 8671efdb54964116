package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.FrameCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State that a node keeps for one peer: the link to it, the link from it, and the connection for the former. */
final class Peer {
    final NodeId id;
    final Dialler dialler;
    final OutgoingLink outgoing;
    final IncomingLink incoming;

    /** The Hello that waits for an answer on the dialler's connection; null if none was sent. */
    Handshake.@Nullable Greeting greeting;

    /** The last refusal, of the peer or by it; null again when the peer has welcomed this node. */
    @Nullable
    String refusal;

    Peer(NodeId id, LinkSettings settings, Links.Listener listener) {
        this.id = id;
        this.dialler = new Dialler(id, settings);
        this.outgoing = new OutgoingLink(id, settings);
        this.incoming = new IncomingLink(id, settings, listener);
    }

    /** Tells the failure detector that the connection to the peer, or the attempt to get one, is lost. */
    void lost(FailureDetector detector) {
        if (dialler.established() != null) {
            detector.broke(id);
        } else {
            detector.redialFailed(id);
        }
    }

    /** Ends the links to and from the peer for good. */
    void refuse(Refused refused, FailureDetector detector, long now) {
        Connection c = dialler.established();
        if (c != null) {
            c.send(List.of(FrameCodec.encode(refused)));
        }
        lost(detector);
        dialler.retire(refused.text(), now);
        if (incoming.refuse(refused)) {
            detector.broke(id);
        }
        refusal = refused.text();
    }

    /** Ends the connections; a link goes on over the next one. */
    void drop(String reason, long now) {
        dialler.drop(reason, now);
        incoming.drop(reason);
    }

    /** Throws if an invariant that is written at a field does not hold. */
    void checkInvariants() {
        dialler.checkInvariants();
        outgoing.checkInvariants();
        incoming.checkInvariants();
    }

    LinkStatus status() {
        return new LinkStatus(
                id,
                dialler.established() != null,
                incoming.up(),
                outgoing.generation(),
                outgoing.queued(),
                outgoing.acknowledged(),
                outgoing.bufferedBytes(),
                incoming.generation(),
                incoming.received(),
                outgoing.dropped(),
                refusal);
    }
}
