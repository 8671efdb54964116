package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.InvariantException;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.core.Links;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of the links to the protocols of the node, by the tag of each message. On the loop's thread.
 *
 * <p>A protocol is added once it is built: it needs the links to send, and the links need this router.
 *
 * <p>A message that makes a protocol throw ends its link, and nothing else (RULES.md O-9 of multicast). An invariant of
 * this node's own is not blamed on a message.
 */
public final class LinkRouter implements Links.Listener {
    /** A protocol that uses the links. */
    public interface Protocol {
        /** Takes the {@code number}-th message of the generation of the link from a peer. */
        void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException;

        /** Sees a message of another protocol, before that protocol does. */
        default void beforeMessage(NodeId from, long number, Bytes message) {}

        /** A generation of the link to a peer begins. Messages that were sent before may be lost. */
        default void onOutgoingReset(NodeId peer, long now) {}

        /** A generation of the link from a peer begins. */
        default void onIncomingReset(NodeId peer, long now) {}

        /** Every peer has remembered this node. */
        default void onFormed() {}

        /** This node has lost synced writes, and takes no part any more. */
        default void onFenced(String reason) {}

        /** This node is no member any more, and takes no part. */
        default void onRemoved(String reason) {}
    }

    /** The side of the node that reaches peers. */
    public interface Dialer {
        /** Asks the transport to connect to a peer. */
        void dial(NodeId peer);

        /** Notes that this node has refused a peer, or was refused by it. */
        void refused(NodeId peer, String reason);

        /** Notes that all nodes have met. */
        default void formed() {}

        /** Notes that this node takes no part any more. */
        default void fenced(String reason) {}

        /** Notes that this node is no member any more. */
        default void removed(String reason) {}
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(LinkRouter.class);

    private final NodeId self;
    private final Dialer dialer;
    private final Meters.Counter malformed;
    private final List<Protocol> protocols = new ArrayList<>();
    private final EnumMap<ProtocolTag, Protocol> byTag = new EnumMap<>(ProtocolTag.class);

    private long now;
    private boolean graphChanged;
    private boolean removed;
    /** True if an exception of a message was logged. */
    private boolean blamed;

    public LinkRouter(NodeId self, Dialer dialer, Meters meters) {
        this.self = self;
        this.dialer = dialer;
        this.malformed = meters.counter("loggos.messages.malformed");
    }

    /** Adds a protocol. Resets reach the protocols in the order of these calls. Before the first turn. */
    public void add(ProtocolTag tag, Protocol protocol) {
        protocols.add(protocol);
        byTag.put(tag, protocol);
    }

    /** Takes the time of the turn that begins. */
    void beginTurn(long turnNanos) {
        now = turnNanos;
    }

    /** Returns true if the connectivity graph or a refusal may have changed since the last call. */
    boolean takeGraphChanged() {
        boolean changed = graphChanged;
        graphChanged = false;
        return changed;
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes message) {
        try {
            ProtocolTag tag = ProtocolTag.of(message);
            Protocol protocol = byTag.get(tag);
            if (protocol == null) {
                throw new MalformedException("no protocol of this node has the tag " + tag);
            }
            for (int i = 0; i < protocols.size(); i++) {
                if (protocols.get(i) != protocol) {
                    protocols.get(i).beforeMessage(from, number, message);
                }
            }
            protocol.onMessage(from, number, message, now);
        } catch (MalformedException e) {
            malformed.add(1);
            LOGGER.debug("node {}: malformed message from {}", self.value(), from, e);
            throw e;
        } catch (InvariantException e) {
            throw e;
        } catch (RuntimeException e) {
            throw notTaken(from, e);
        }
    }

    /** Blames a message for an exception, which its sender can cause as often as it likes. Logs the first. */
    private MalformedException notTaken(NodeId from, RuntimeException cause) {
        malformed.add(1);
        if (!blamed) {
            blamed = true;
            LOGGER.error("node {}: a message from {} cannot be taken, and ends its link", self.value(), from, cause);
        } else {
            LOGGER.debug("node {}: a message from {} cannot be taken", self.value(), from, cause);
        }
        return new MalformedException("it cannot be taken");
    }

    @Override
    public void onOutgoingReset(NodeId peer) {
        protocols.forEach(protocol -> protocol.onOutgoingReset(peer, now));
    }

    @Override
    public void onIncomingReset(NodeId peer) {
        protocols.forEach(protocol -> protocol.onIncomingReset(peer, now));
    }

    @Override
    public void onConnectivityChanged() {
        graphChanged = true;
    }

    @Override
    public void onFormed() {
        protocols.forEach(Protocol::onFormed);
        dialer.formed();
    }

    @Override
    public void onFenced(String reason) {
        protocols.forEach(protocol -> protocol.onFenced(reason));
        dialer.fenced(reason);
    }

    @Override
    public void onRemoved(String reason) {
        if (!removed) {
            removed = true;
            protocols.forEach(protocol -> protocol.onRemoved(reason));
            dialer.removed(reason);
        }
    }

    @Override
    public void connect(NodeId peer) {
        dialer.dial(peer);
    }

    @Override
    public void onPeerRefused(NodeId peer, String reason) {
        graphChanged = true;
        dialer.refused(peer, reason);
    }
}
