package io.loggos.paxos.core.model;

import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.ReplicaOptions;

/**
 * The limits and intervals of a replica.
 *
 * @param windowSlots the number of slots that may be open
 * @param windowBytes the size of the open slots beyond which no further one is opened
 * @param batchBytes the size of a batch, unless a single command is larger
 * @param queueBytes the size of the commands that a leader holds before it proposes them
 * @param cacheBytes the size of the chosen batches that stay in memory until the state machine is given them
 * @param feedBytes the size of the batches that the state machine is given before it has applied them
 * @param retainedSlots the least number of chosen slots that stay in the log
 * @param requestNanos the time that a command or read waits before it fails
 * @param heartbeatNanos the interval between retries
 * @param electionNanos the silence after which a node counts as gone
 * @param digestSlots the distance between the slots whose digests are compared; 0 if none are
 * @param sizes the sizes of messages
 */
public record Limits(
        int windowSlots,
        long windowBytes,
        int batchBytes,
        long queueBytes,
        long cacheBytes,
        long feedBytes,
        long retainedSlots,
        long requestNanos,
        long heartbeatNanos,
        long electionNanos,
        long digestSlots,
        MessageSizes sizes) {
    /** Returns the limits that follow from the options of a node and of a replica. */
    public static Limits of(NodeOptions node, ReplicaOptions replica) {
        return new Limits(
                replica.windowSlots(),
                windowBytes(node, replica),
                replica.maxBatchBytes(),
                2 * (node.peers().size() + 1L) * replica.maxPendingBytes(),
                replica.cacheBytes(),
                Math.max(16L << 20, 4L * replica.maxBatchBytes()),
                replica.retainedSlots(),
                replica.requestTimeout().toNanos(),
                node.timing().heartbeatInterval().toNanos(),
                node.timing().electionTimeout().toNanos(),
                replica.digestSlots(),
                new MessageSizes(node.transport().maxFrameBytes()));
    }

    /** All open slots together fit half of a link's buffer, so that a new leader can send them to a peer again. */
    private static long windowBytes(NodeOptions node, ReplicaOptions replica) {
        int largest = Math.max(replica.maxBatchBytes(), replica.maxCommandBytes());
        return Math.max(0, node.transport().bufferBytes() / 2 - largest);
    }
}
