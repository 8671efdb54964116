package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * State of the links to and from one peer, for status and metrics.
 *
 * @param outgoingUp whether messages to the peer can leave now
 * @param incomingUp whether the peer has a connection to this node
 * @param generation of the outgoing link, 0 before the first
 * @param queued the number of the last message given to it in this generation
 * @param acknowledged how many of them the peer has received for certain
 * @param bufferedBytes what is kept for the peer
 * @param incomingGeneration of the incoming link, 0 before the first
 * @param received how many messages of that generation were delivered
 * @param dropped messages that were given while no generation was open, or that ended with one
 * @param refusal the last refusal of this peer or by it, until a handshake succeeds
 */
public record LinkStatus(
        NodeId peer,
        boolean outgoingUp,
        boolean incomingUp,
        long generation,
        long queued,
        long acknowledged,
        long bufferedBytes,
        long incomingGeneration,
        long received,
        long dropped,
        @Nullable String refusal) {}
