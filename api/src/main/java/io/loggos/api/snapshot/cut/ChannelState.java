package io.loggos.api.snapshot.cut;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import java.util.List;

/**
 * The messages in flight from one node to another at the cut (Chandy and Lamport 1985, section 3).
 *
 * <p>They were sent before the sender recorded its state and received after the receiver recorded its own. All
 * protocols share a link, so these are encoded messages of logs and groups. {@link GlobalSnapshot#inFlight(String)}
 * returns the messages that the application sent.
 *
 * @param from the sender
 * @param to the receiver
 * @param generation the generation of the link; message numbers count from 1 in each generation
 * @param first the number of the first message: one more than that of the last message received before the receiver
 *     recorded its state
 * @param messages the messages in order; the last one has the number before the marker's
 * @param marker the number of the marker that closed the channel
 */
public record ChannelState(NodeId from, NodeId to, long generation, long first, List<Bytes> messages, long marker) {
    public ChannelState {
        messages = List.copyOf(messages);
    }

    /** The size of all messages in bytes. */
    public long sizeBytes() {
        return messages.stream().mapToLong(Bytes::size).sum();
    }
}
