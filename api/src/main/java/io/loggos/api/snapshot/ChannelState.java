package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.List;

/**
 * What was in flight on the link from one node to another at the cut: sent before the sender recorded its state, received
 * after the receiver had recorded its own. All protocols share a link, so these are messages of logs and groups as they
 * travel; what an application has sent is found by {@link GlobalSnapshot#inFlight(String)}.
 *
 * @param generation of the link; numbers count from 1 in each
 * @param first the number of the first message, one more than the receiver had received when it recorded its state
 * @param messages in their order; the number of the last is one less than the marker's
 * @param marker the number of the marker that closed the channel
 */
public record ChannelState(NodeId from, NodeId to, long generation, long first, List<Bytes> messages, long marker) {
    public ChannelState {
        messages = List.copyOf(messages);
    }

    /** The bytes of all messages. */
    public long sizeBytes() {
        return messages.stream().mapToLong(Bytes::size).sum();
    }
}
