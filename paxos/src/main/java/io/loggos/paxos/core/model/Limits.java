package io.loggos.paxos.core.model;

import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.TimingOptions;
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
 * @param leaseNanos the length of a leader's lease by its own clock, 0 if there are no leases
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
        long leaseNanos,
        long digestSlots,
        MessageSizes sizes) {
    /** Longest batching delay, as a fraction of the heartbeat. */
    private static final int DELAYS_PER_HEARTBEAT = 10;

    private static final long MOST_FEED_BYTES = 16L << 20;
    private static final long MOST_READ_AHEAD_BYTES = 4L << 20;
    private static final long MILLION = 1_000_000;

    /** Returns the limits that follow from the options of a node and of a replica. */
    public static Limits of(NodeOptions node, ReplicaOptions replica) {
        return new Limits(
                replica.windowSlots(),
                windowBytes(node, replica),
                replica.maxBatchBytes(),
                2 * (node.peers().size() + 1L) * replica.maxPendingBytes(),
                replica.cacheBytes(),
                feedBytes(replica),
                replica.retainedSlots(),
                replica.requestTimeout().toNanos(),
                node.timing().heartbeatInterval().toNanos(),
                node.timing().electionTimeout().toNanos(),
                leaseNanos(node.timing()),
                replica.digestSlots(),
                new MessageSizes(node.transport().maxFrameBytes()));
    }

    /** An acceptor's clock may be fast while it grants an election timeout, and the leader's slow (RULES.md L-1). */
    private static long leaseNanos(TimingOptions timing) {
        long drift = timing.maxClockDriftPpm();
        long most = timing.electionTimeout().toNanos();
        return drift == 0 ? 0 : Math.multiplyExact(most / 1_000, MILLION - drift) / (MILLION + drift) * 1_000;
    }

    /** The longest time that a small batch waits for further commands. */
    public long batchDelayNanos() {
        return heartbeatNanos / DELAYS_PER_HEARTBEAT;
    }

    /** A state machine is given no more than the memory for chosen batches, but always a few batches. */
    private static long feedBytes(ReplicaOptions replica) {
        return Math.max(Math.min(MOST_FEED_BYTES, replica.cacheBytes()), 4L * replica.maxBatchBytes());
    }

    /** Returns the bytes of one read of the log for the state machine, which has much to catch up on after a restart. */
    public static int readAheadBytes(ReplicaOptions replica) {
        return (int) Math.min(MOST_READ_AHEAD_BYTES, feedBytes(replica));
    }

    /** All open slots together fit half of a link's buffer, so that a new leader can send them to a peer again. */
    private static long windowBytes(NodeOptions node, ReplicaOptions replica) {
        int largest = Math.max(replica.maxBatchBytes(), replica.maxCommandBytes());
        return Math.max(0, node.transport().bufferBytes() / 2 - largest);
    }
}
