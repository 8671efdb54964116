package io.loggos.api.replica;

import io.loggos.api.OverloadPolicy;
import io.loggos.internal.options.OptionChecks;
import java.time.Duration;

/**
 * Limits and policies of one replicated log, made by a {@link #builder}.
 *
 * <p>The methods of {@link Builder} give the unit, the bounds and the default of each option. All nodes must use the
 * same {@code maxCommandBytes}, {@code windowSlots} and {@code answerRetention}.
 *
 * @param maxCommandBytes the size of the largest command
 * @param maxBatchBytes the size of the commands that the leader puts into one slot, unless a single one is larger
 * @param windowSlots the number of slots that may be open: proposed and not yet chosen
 * @param maxPendingBytes the memory of the commands and reads of this node that are not answered; each counts with 256
 *     bytes and its payload
 * @param overloadPolicy the reaction of {@link Replica} to a command or read beyond {@code maxPendingBytes}
 * @param requestTimeout the time that a command or a read waits for its outcome
 * @param applyFailurePolicy the reaction to an exception from {@link StateMachine#apply}
 * @param checkpointSlots the number of applied slots after which a checkpoint is taken
 * @param checkpointBytes the size of the applied commands after which a checkpoint is taken, if that comes first
 * @param retainedSlots the least number of chosen slots that stay in the log, for replicas that are a little behind. The
 *     slots since the last checkpoint but one stay in any case
 * @param cacheBytes the most bytes of chosen batches that stay in memory for a state machine that is behind. With many
 *     logs it is less: they keep 128 MiB on a node all together. At most 1 MiB of what the state machine has received
 *     stays, for replicas that are a little behind
 * @param digestSlots the number of applied slots after which the replicas compare digests of their answers and states;
 *     0 if they do not. Nodes with different numbers compare the slots that they have in common
 * @param answerRetention the log time for which the answers to commands with a {@link io.loggos.api.RequestId} are kept
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
        long cacheBytes,
        long digestSlots,
        Duration answerRetention) {
    /** The most slots that may be open at once. */
    public static final int MOST_WINDOW_SLOTS = 1 << 16;

    public ReplicaOptions {
        new OptionChecks()
                .between("maxCommandBytes", maxCommandBytes, 1, 2 << 20)
                .between("maxBatchBytes", maxBatchBytes, 1, 2 << 20)
                .between("windowSlots", windowSlots, 1, MOST_WINDOW_SLOTS)
                .between("maxPendingBytes", maxPendingBytes, maxCommandBytes, 1L << 40)
                .between("requestTimeout", requestTimeout, Duration.ofMillis(1), Duration.ofDays(1))
                .between("checkpointSlots", checkpointSlots, 1, Long.MAX_VALUE)
                .between("checkpointBytes", checkpointBytes, 1, Long.MAX_VALUE)
                .between("retainedSlots", retainedSlots, 0, Long.MAX_VALUE)
                .between("cacheBytes", cacheBytes, 0, 1L << 40)
                .between("digestSlots", digestSlots, 0, 1L << 40)
                .between("answerRetention", answerRetention, Duration.ofMillis(1), Duration.ofDays(365))
                .done();
    }

    /** Returns the options with all defaults. */
    public static ReplicaOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that holds these options. */
    public Builder toBuilder() {
        return builder()
                .maxCommandBytes(maxCommandBytes)
                .maxBatchBytes(maxBatchBytes)
                .windowSlots(windowSlots)
                .maxPendingBytes(maxPendingBytes)
                .overloadPolicy(overloadPolicy)
                .requestTimeout(requestTimeout)
                .applyFailurePolicy(applyFailurePolicy)
                .checkpointEvery(checkpointSlots, checkpointBytes)
                .retainedSlots(retainedSlots)
                .cacheBytes(cacheBytes)
                .digestEvery(digestSlots)
                .answerRetention(answerRetention);
    }

    /** Collects the options of a log. Not safe for use by several threads. */
    public static final class Builder {
        private int maxCommandBytes = 3 << 19;
        private int maxBatchBytes = 256 << 10;
        private int windowSlots = 64;
        private long maxPendingBytes = 64 << 20;
        private OverloadPolicy overloadPolicy = OverloadPolicy.FAIL_FAST;
        private Duration requestTimeout = Duration.ofSeconds(10);
        private ApplyFailurePolicy applyFailurePolicy = ApplyFailurePolicy.HALT;
        private long checkpointSlots = 100_000;
        private long checkpointBytes = 256 << 20;
        private long retainedSlots = 1_000;
        private long cacheBytes = 32 << 20;
        private long digestSlots = 100;
        private Duration answerRetention = Duration.ofHours(1);

        private Builder() {}

        /** Largest command: 1 byte to 2 MiB, by default 1.5 MiB. It must also fit into a frame. */
        public Builder maxCommandBytes(int bytes) {
            maxCommandBytes = bytes;
            return this;
        }

        /** Commands in one slot: 1 byte to 2 MiB, by default 256 KiB. They must also fit into a frame. */
        public Builder maxBatchBytes(int bytes) {
            maxBatchBytes = bytes;
            return this;
        }

        /**
         * Slots that may be open: 1 to 65,536, by default 64. Fewer are if they fill half of
         * {@link io.loggos.api.node.TransportOptions#bufferBytes() a link's buffer}.
         */
        public Builder windowSlots(int slots) {
            windowSlots = slots;
            return this;
        }

        /** Commands and reads of this node in progress: {@code maxCommandBytes} to 1 TiB, by default 64 MiB. */
        public Builder maxPendingBytes(long bytes) {
            maxPendingBytes = bytes;
            return this;
        }

        /** Reaction to a call beyond {@code maxPendingBytes}; by default {@link OverloadPolicy#FAIL_FAST}. */
        public Builder overloadPolicy(OverloadPolicy policy) {
            overloadPolicy = policy;
            return this;
        }

        /** Time that a command or a read waits for its outcome: 1 ms to 1 day, by default 10 s. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = timeout;
            return this;
        }

        /** Reaction to an exception from {@code apply}; by default {@link ApplyFailurePolicy#HALT}. */
        public Builder applyFailurePolicy(ApplyFailurePolicy policy) {
            applyFailurePolicy = policy;
            return this;
        }

        /** A checkpoint after this many slots or bytes of commands: each at least 1, by default 100,000 and 256 MiB. */
        public Builder checkpointEvery(long slots, long bytes) {
            checkpointSlots = slots;
            checkpointBytes = bytes;
            return this;
        }

        /** Least number of chosen slots that stay in the log: at least 0, by default 1,000. */
        public Builder retainedSlots(long slots) {
            retainedSlots = slots;
            return this;
        }

        /** Chosen batches in memory for a state machine that is behind: 0 to 1 TiB, by default 32 MiB. */
        public Builder cacheBytes(long bytes) {
            cacheBytes = bytes;
            return this;
        }

        /**
         * Comparison of the replicas' digests after this many slots: 0 to 2^40, by default 100. 0 turns it off.
         *
         * <p>The replica whose answers or state differ from those of the others halts ({@link ReplicaHaltedException}).
         * On a tie all that differ halt. Turn it off while nodes run versions of a state machine that answer
         * differently.
         */
        public Builder digestEvery(long slots) {
            digestSlots = slots;
            return this;
        }

        /**
         * Log time for which the answers to commands with a {@link io.loggos.api.RequestId} are kept: 1 ms to 365 days,
         * by default 1 h. It is less if they fill 512 KiB; each counts with 64 bytes and the answer.
         */
        public Builder answerRetention(Duration time) {
            answerRetention = time;
            return this;
        }

        /**
         * Returns the checked options.
         *
         * @throws io.loggos.api.InvalidOptionsException listing everything that is wrong
         */
        public ReplicaOptions build() {
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
                    cacheBytes,
                    digestSlots,
                    answerRetention);
        }
    }
}
