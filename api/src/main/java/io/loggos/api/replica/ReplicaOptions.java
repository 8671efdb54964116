package io.loggos.api.replica;

import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.internal.options.OptionChecks;
import java.time.Duration;

/**
 * Limits and policies of one replicated log. All nodes must use the same {@code maxCommandBytes} and {@code
 * windowSlots}.
 *
 * @param maxCommandBytes the largest command
 * @param maxBatchBytes how many bytes of commands the leader puts into one slot, unless one alone is larger
 * @param windowSlots how many slots may be open: proposed and not yet chosen
 * @param maxPendingBytes how many bytes of commands this node has proposed and not yet seen applied, before
 *     {@code overloadPolicy} applies
 * @param overloadPolicy what {@link Replica#propose} does then
 * @param requestTimeout how long a proposal or a read waits for its outcome
 * @param applyFailurePolicy what an exception out of {@link StateMachine#apply} does
 * @param checkpointSlots a checkpoint is taken when this many slots were applied since the last
 * @param checkpointBytes or when this many bytes of commands were
 * @param retainedSlots how many slots before the last checkpoint but one stay in the log, for replicas that
 *     are a little behind
 * @param cacheBytes how many bytes of chosen batches are kept in memory at the most, for a state machine that is behind;
 *     less with many logs, which keep 128 MiB on a node all together. Of what the state machine has been given, no more
 *     than 1 MiB is kept, for replicas that are a little behind
 */
public record ReplicaOptions(
        int maxCommandBytes,
        int maxBatchBytes,
        int windowSlots,
        long maxPendingBytes,
        OverloadPolicy overloadPolicy,
        Duration requestTimeout,
        ApplyFailurePolicy applyFailurePolicy,
        long checkpointSlots,
        long checkpointBytes,
        long retainedSlots,
        long cacheBytes) {
    public ReplicaOptions {
        new OptionChecks()
                .between("maxCommandBytes", maxCommandBytes, 1, 2 << 20)
                .between("maxBatchBytes", maxBatchBytes, 1, 2 << 20)
                .between("windowSlots", windowSlots, 1, 1 << 16)
                .between("maxPendingBytes", maxPendingBytes, maxCommandBytes, 1L << 40)
                .between("requestTimeout", requestTimeout, Duration.ofMillis(1), Duration.ofDays(1))
                .between("checkpointSlots", checkpointSlots, 1, Long.MAX_VALUE)
                .between("checkpointBytes", checkpointBytes, 1, Long.MAX_VALUE)
                .between("retainedSlots", retainedSlots, 0, Long.MAX_VALUE)
                .between("cacheBytes", cacheBytes, 0, 1L << 40)
                .done();
    }

    /**
     * Commands to 1.5 MiB, batches of 256 KiB, 64 open slots, 64 MiB pending and then {@link
     * OverloadedException}, 10 s for a request, halt on an exception in apply, a checkpoint each 100,000
     * slots or 256 MiB, 1,000 slots retained, 32 MiB cached.
     */
    public static ReplicaOptions defaults() {
        return new ReplicaOptions(
                3 << 19,
                256 << 10,
                64,
                64 << 20,
                OverloadPolicy.FAIL_FAST,
                Duration.ofSeconds(10),
                ApplyFailurePolicy.HALT,
                100_000,
                256 << 20,
                1_000,
                32 << 20);
    }

    /** These options with another limit for a command. */
    public ReplicaOptions withMaxCommandBytes(int bytes) {
        return new ReplicaOptions(
                bytes,
                maxBatchBytes,
                windowSlots,
                maxPendingBytes,
                overloadPolicy,
                requestTimeout,
                applyFailurePolicy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                cacheBytes);
    }

    /** These options with other sizes of batch and window. */
    public ReplicaOptions withPipeline(int batchBytes, int slots) {
        return new ReplicaOptions(
                maxCommandBytes,
                batchBytes,
                slots,
                maxPendingBytes,
                overloadPolicy,
                requestTimeout,
                applyFailurePolicy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                cacheBytes);
    }

    /** These options with another bound on what is pending, and what happens there. */
    public ReplicaOptions withOverload(long pendingBytes, OverloadPolicy policy) {
        return new ReplicaOptions(
                maxCommandBytes,
                maxBatchBytes,
                windowSlots,
                pendingBytes,
                policy,
                requestTimeout,
                applyFailurePolicy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                cacheBytes);
    }

    /** These options with another time for a request. */
    public ReplicaOptions withRequestTimeout(Duration timeout) {
        return new ReplicaOptions(
                maxCommandBytes,
                maxBatchBytes,
                windowSlots,
                maxPendingBytes,
                overloadPolicy,
                timeout,
                applyFailurePolicy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                cacheBytes);
    }

    /** These options with another answer to an exception in apply. */
    public ReplicaOptions withApplyFailurePolicy(ApplyFailurePolicy policy) {
        return new ReplicaOptions(
                maxCommandBytes,
                maxBatchBytes,
                windowSlots,
                maxPendingBytes,
                overloadPolicy,
                requestTimeout,
                policy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                cacheBytes);
    }

    /** These options with other distances between checkpoints, and another number of slots retained. */
    public ReplicaOptions withCheckpoints(long slots, long bytes, long retained) {
        return new ReplicaOptions(
                maxCommandBytes,
                maxBatchBytes,
                windowSlots,
                maxPendingBytes,
                overloadPolicy,
                requestTimeout,
                applyFailurePolicy,
                slots,
                bytes,
                retained,
                cacheBytes);
    }

    /** These options with another cache. */
    public ReplicaOptions withCacheBytes(long bytes) {
        return new ReplicaOptions(
                maxCommandBytes,
                maxBatchBytes,
                windowSlots,
                maxPendingBytes,
                overloadPolicy,
                requestTimeout,
                applyFailurePolicy,
                checkpointSlots,
                checkpointBytes,
                retainedSlots,
                bytes);
    }
}
