package io.loggos.paxos.runtime;

import io.loggos.api.InvalidOptionsException;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.paxos.core.model.MessageSizes;
import java.util.List;

/** The bounds that the frames and buffers of a node's links set to its logs and groups. */
final class FrameBounds {
    /** Bytes of a frame that are not commands of its batch, at most. */
    private static final int FRAME_OVERHEAD_BYTES = MessageSizes.RESERVED_BYTES;

    private FrameBounds() {}

    static void check(ReplicaOptions replicaOptions, TransportOptions transport) {
        int largest = Math.max(replicaOptions.maxCommandBytes(), replicaOptions.maxBatchBytes());
        if (largest + FRAME_OVERHEAD_BYTES > transport.maxFrameBytes()) {
            throw new InvalidOptionsException(List.of("maxCommandBytes and maxBatchBytes are at most "
                    + (transport.maxFrameBytes() - FRAME_OVERHEAD_BYTES)
                    + " with frames of " + transport.maxFrameBytes() + " bytes"));
        }
    }

    static void check(GroupOptions groupOptions, TransportOptions transport) {
        if (groupOptions.maxMessageBytes() + FRAME_OVERHEAD_BYTES > transport.maxFrameBytes()) {
            throw new InvalidOptionsException(
                    List.of("maxMessageBytes is at most " + (transport.maxFrameBytes() - FRAME_OVERHEAD_BYTES)
                            + " with frames of " + transport.maxFrameBytes() + " bytes"));
        }
        // After a break of a link the whole window goes again, beside what else the link carries.
        if (2L * groupOptions.windowBytes() > transport.bufferBytes()) {
            throw new InvalidOptionsException(List.of("windowBytes is at most " + transport.bufferBytes() / 2
                    + " with links that buffer " + transport.bufferBytes() + " bytes"));
        }
    }
}
