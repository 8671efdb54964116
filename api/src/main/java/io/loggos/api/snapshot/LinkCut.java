package io.loggos.api.snapshot;

import io.loggos.api.NodeId;

/**
 * How one node stood with one other at its cut.
 *
 * @param generation of the link to the peer
 * @param sent the number of the last message that was sent to it
 * @param channel what came from it afterwards and had been sent before
 */
public record LinkCut(NodeId peer, long generation, long sent, ChannelState channel) {
    /** The number of the last message that had been received from the peer. */
    public long received() {
        return channel.first() - 1;
    }
}
