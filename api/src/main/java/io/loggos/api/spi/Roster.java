package io.loggos.api.spi;

import io.loggos.api.NodeId;
import java.util.Optional;
import java.util.Set;

/**
 * Who a node has met, kept with its log. An acceptor is (node id, incarnation): a store that was wiped comes
 * back as another incarnation, and its votes would not be worth what the old one promised. So each node
 * remembers durably the incarnation it first met under an id and refuses any other; and a node votes only
 * once all its peers have remembered it. Any thread.
 */
public interface Roster {
    /** The incarnation of this node's own store: a random number given when it was made. */
    long incarnation();

    /** The incarnation remembered under this id. */
    Optional<Long> met(NodeId peer);

    /**
     * Remembers a peer at the first contact, durably before it returns.
     *
     * @return whether the peer is, or was already known as, this incarnation
     */
    boolean meet(NodeId peer, long incarnation);

    /** Remembers durably that the peer has remembered this node. */
    void rememberedBy(NodeId peer);

    /** The peers that have remembered this node. */
    Set<NodeId> rememberedBy();
}
