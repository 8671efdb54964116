package io.loggos.multicast;

import io.loggos.api.NodeId;

/**
 * Connectivity graph as one node knows it.
 *
 * <p>Contact is two-way: each has lately heard the other, and knows that it was heard. An answer may be wrong or out of
 * date. Safety must not depend on it.
 */
public interface Connectivity {
    /** True if this node has contact with a peer; always true for itself. */
    boolean connected(NodeId peer);

    /** True if {@code one}, by what it last told, has contact with {@code other}. */
    boolean connected(NodeId one, NodeId other);
}
