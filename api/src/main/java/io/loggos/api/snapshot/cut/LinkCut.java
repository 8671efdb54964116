package io.loggos.api.snapshot.cut;

import io.loggos.api.NodeId;

/**
 * The links between a node and one of its peers, at the cut of the node.
 *
 * @param peer the other node
 * @param generation the generation of the link to the peer
 * @param sent the number of the last message that was sent to the peer
 * @param channel the messages in flight from the peer: sent before its cut, received after this node's
 */
public record LinkCut(NodeId peer, long generation, long sent, ChannelState channel) {
    /** The number of the last message that had been received from the peer. */
    public long received() {
        return channel.first() - 1;
    }
}
