package io.loggos.api.spi;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.Optional;
import java.util.Set;

/**
 * The peers that a node has met, stored with its log. Safe for use by any thread.
 *
 * <p>An acceptor is a pair of node id and incarnation. A wiped store returns as another incarnation, whose votes do not
 * keep the promises of the old one. Therefore each node durably stores the incarnation that it first met under an id,
 * and refuses any other. A node votes only once all its peers have stored its incarnation.
 *
 * <p>An older copy of a store has the same incarnation, and has forgotten promises too. So each node also remembers the
 * last {@link WriteMark} that it was told by a peer, and tells it to the peer in every handshake. A store that does not
 * hold such a mark is fenced for good (RULES.md O-4).
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

    /**
     * Stores the incarnation of a member that the cluster has decided, in place of another one that was met. It is durable
     * when the method returns.
     */
    void replace(NodeId peer, long incarnation);

    /** The last membership that was stored, as it was given; empty if there is none. */
    Optional<Bytes> membership();

    /** Stores the node's knowledge of the cluster's members. It is durable when the method returns. */
    void membership(Bytes membership);

    /** Stores durably that the peer has stored this node's incarnation. */
    void rememberedBy(NodeId peer);

    /** The peers that have stored this node's incarnation. */
    Set<NodeId> rememberedBy();

    /**
     * Begins a life of the node on this store. It is durable when the method returns.
     *
     * @param life a number that no other life of this store, or of a copy of it, has
     */
    void begin(long life);

    /** The number of the life that has begun last; 0 if none has. */
    long lastLife();

    /** The number of writes of this store that are synced, over all lives. It only rises within a life. */
    long syncedWrites();

    /** The last mark that a peer told; {@link WriteMark#NONE} if it never did. */
    WriteMark markOf(NodeId peer);

    /**
     * Remembers a mark of a peer. It is in memory at once. A synced write of the log that comes soon takes it to the
     * disk, and so does the end of the life.
     *
     * @param life the life of the peer in which it was told
     * @param writes the writes of the peer's store that are synced
     */
    void note(NodeId peer, long life, long writes);

    /** Tells if this store holds the write of a mark. False means for certain that it has lost a synced write. */
    boolean holds(WriteMark mark);

    /** Stores durably that this store must not be used any more. The first reason stays. */
    void fence(String reason);

    /** The reason why this store must not be used any more, if there is one. */
    Optional<String> fenced();
}
