package io.loggos.api.spi;

import io.loggos.api.NodeId;
import java.util.Optional;
import java.util.Set;

/**
 * The peers that a node has met, stored with its log. Safe for use by any thread.
 *
 * <p>An acceptor is a pair of node id and incarnation. A wiped store returns as another incarnation, whose votes do not
 * keep the promises of the old one. Therefore each node durably stores the incarnation that it first met under an id,
 * and refuses any other. A node votes only once all its peers have stored its incarnation.
 */
public interface Roster {
    /** The incarnation of this node's store: a random number that was chosen when the store was created. */
    long incarnation();

    /** The incarnation stored for this id, if any. */
    Optional<Long> met(NodeId peer);

    /**
     * Stores the incarnation of a peer at the first contact. It is durable when the method returns.
     *
     * @return true if this incarnation is stored for the peer, now or from before
     */
    boolean meet(NodeId peer, long incarnation);

    /** Stores durably that the peer has stored this node's incarnation. */
    void rememberedBy(NodeId peer);

    /** The peers that have stored this node's incarnation. */
    Set<NodeId> rememberedBy();
}
