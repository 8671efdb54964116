package io.loggos.multicast;

import io.loggos.api.NodeId;

/**
 * The connectivity graph as one node knows it. Contact is two-way: each has lately heard the other, and knows
 * that it was heard. What it says may be wrong or out of date; nothing that is built on it may be unsafe when
 * it is.
 */
public interface Connectivity {
    /** Whether this node has contact with a peer; with itself always. */
    boolean connected(NodeId peer);

    /** Whether {@code one}, by what it last told, has contact with {@code other}. */
    boolean connected(NodeId one, NodeId other);
}
