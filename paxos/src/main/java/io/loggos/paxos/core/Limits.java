package io.loggos.paxos.core;

import io.loggos.api.NodeOptions;
import io.loggos.api.ReplicaOptions;

/**
 * The numbers that a replica goes by.
 *
 * @param windowSlots how many slots may be open
 * @param batchBytes how large a batch gets, unless one command is larger
 * @param queueBytes how many bytes of commands a leader holds before it proposes them
 * @param cacheBytes how many bytes of chosen batches stay in memory until the state machine is given them
 * @param feedBytes how many bytes of batches the state machine is given before it has applied them
 * @param retainedSlots how many slots before the last checkpoint but one stay in the log
 * @param requestNanos how long a command or read waits
 * @param heartbeatNanos the rhythm of what is tried again
 * @param electionNanos how long a silent node counts as there
 */
public record Limits(
        int windowSlots,
        int batchBytes,
        long queueBytes,
        long cacheBytes,
        long feedBytes,
        long retainedSlots,
        long requestNanos,
        long heartbeatNanos,
        long electionNanos) {
    /** The limits that follow from the options of a node and a replica. */
    public static Limits of(NodeOptions node, ReplicaOptions replica) {
        return new Limits(
                replica.windowSlots(),
                replica.maxBatchBytes(),
                2 * (node.peers().size() + 1L) * replica.maxPendingBytes(),
                replica.cacheBytes(),
                Math.max(16L << 20, 4L * replica.maxBatchBytes()),
                replica.retainedSlots(),
                replica.requestTimeout().toNanos(),
                node.timing().heartbeatInterval().toNanos(),
                node.timing().electionTimeout().toNanos());
    }
}
