package io.loggos.api;

import static io.loggos.api.OptionAssertions.assertAllDiffer;
import static io.loggos.api.OptionAssertions.assertProblems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Relay;
import io.loggos.api.replica.ApplyFailurePolicy;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.snapshot.SnapshotOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, bounds and builders of the options. The Javadoc of each builder states the same values. */
class OptionsTest {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void replicaDefaults() {
        assertEquals(
                new ReplicaOptions(
                        1_572_864,
                        262_144,
                        64,
                        67_108_864,
                        OverloadPolicy.FAIL_FAST,
                        Duration.ofSeconds(10),
                        ApplyFailurePolicy.HALT,
                        100_000,
                        268_435_456,
                        1_000,
                        33_554_432,
                        100,
                        Duration.ofHours(1)),
                ReplicaOptions.defaults());
    }

    @Test
    void replicaBoundsAreInclusive() {
        ReplicaOptions least = ReplicaOptions.builder()
                .maxCommandBytes(1)
                .maxBatchBytes(1)
                .windowSlots(1)
                .maxPendingBytes(1)
                .requestTimeout(MILLI)
                .checkpointEvery(1, 1)
                .retainedSlots(0)
                .cacheBytes(0)
                .digestEvery(0)
                .build();
        assertEquals(1, least.checkpointBytes());
        ReplicaOptions most = ReplicaOptions.builder()
                .maxCommandBytes(2 << 20)
                .maxBatchBytes(2 << 20)
                .windowSlots(65_536)
                .maxPendingBytes(1L << 40)
                .requestTimeout(DAY)
                .checkpointEvery(Long.MAX_VALUE, Long.MAX_VALUE)
                .retainedSlots(Long.MAX_VALUE)
                .cacheBytes(1L << 40)
                .digestEvery(1L << 40)
                .build();
        assertEquals(Long.MAX_VALUE, most.checkpointSlots());
    }

    @Test
    void replicaProblemsAreReportedAtOnce() {
        assertProblems(
                () -> ReplicaOptions.builder()
                        .maxCommandBytes(0)
                        .maxBatchBytes((2 << 20) + 1)
                        .windowSlots(65_537)
                        .maxPendingBytes(-1)
                        .requestTimeout(DAY.plus(MILLI))
                        .checkpointEvery(0, 0)
                        .retainedSlots(-1)
                        .cacheBytes(-1)
                        .digestEvery(-1)
                        .build(),
                "maxCommandBytes is 1 to 2097152, not 0",
                "maxBatchBytes is 1 to 2097152, not 2097153",
                "windowSlots is 1 to 65536, not 65537",
                "maxPendingBytes is 0 to 1099511627776, not -1",
                "requestTimeout is 1 ms to 86400000 ms, not 86400001 ms",
                "checkpointSlots is 1 to 9223372036854775807, not 0",
                "checkpointBytes is 1 to 9223372036854775807, not 0",
                "retainedSlots is 0 to 9223372036854775807, not -1",
                "cacheBytes is 0 to 1099511627776, not -1",
                "digestSlots is 0 to 1099511627776, not -1");
    }

    @Test
    void pendingCommandsHoldAtLeastTheLargestCommand() {
        assertProblems(
                () -> ReplicaOptions.builder()
                        .maxCommandBytes(100)
                        .maxPendingBytes(99)
                        .build(),
                "maxPendingBytes is 100 to 1099511627776, not 99");
    }

    @Test
    void replicaOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        ReplicaOptions changed = ReplicaOptions.builder()
                .maxCommandBytes(1)
                .maxBatchBytes(2)
                .windowSlots(3)
                .maxPendingBytes(4)
                .overloadPolicy(OverloadPolicy.WAIT)
                .requestTimeout(Duration.ofMillis(5))
                .applyFailurePolicy(ApplyFailurePolicy.ANSWER)
                .checkpointEvery(6, 7)
                .retainedSlots(8)
                .cacheBytes(9)
                .digestEvery(10)
                .answerRetention(Duration.ofMinutes(11))
                .build();
        assertAllDiffer(ReplicaOptions.defaults(), changed);
        assertEquals(changed, changed.toBuilder().build());
    }

    @Test
    void groupDefaults() {
        GroupOptions defaults = new GroupOptions(
                Ordering.CAUSAL,
                Delivery.ON_RECEIPT,
                PartitionPolicy.REFUSE,
                Relay.AT_VIEW_CHANGE,
                1_048_576,
                4_194_304,
                OverloadPolicy.WAIT,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                GroupOptions.Agreement.MAJORITY,
                Set.of(),
                Duration.ofSeconds(5),
                Optional.empty(),
                Optional.empty());
        assertEquals(defaults, GroupOptions.of(Ordering.CAUSAL));
        assertEquals(defaults, GroupOptions.builder(Ordering.CAUSAL).build());
    }

    @Test
    void groupBoundsAreInclusive() {
        GroupOptions least = GroupOptions.builder(Ordering.FIFO)
                .maxMessageBytes(1)
                .windowBytes(64 << 10)
                .sendTimeout(MILLI)
                .slowMemberTimeout(MILLI)
                .foundingTimeout(MILLI)
                .build();
        assertEquals(65_536, least.windowBytes());
        GroupOptions most = GroupOptions.builder(Ordering.FIFO)
                .maxMessageBytes(2 << 20)
                .windowBytes(256 << 20)
                .sendTimeout(DAY)
                .slowMemberTimeout(DAY)
                .foundingTimeout(DAY)
                .build();
        assertEquals(2_097_152, most.maxMessageBytes());
    }

    @Test
    void groupProblemsAreReportedAtOnce() {
        assertProblems(
                () -> GroupOptions.builder(Ordering.FIFO)
                        .maxMessageBytes((2 << 20) + 1)
                        .windowBytes((64 << 10) - 1)
                        .sendTimeout(Duration.ZERO)
                        .slowMemberTimeout(ChronoUnit.FOREVER.getDuration())
                        .foundingTimeout(Duration.ZERO)
                        .build(),
                "maxMessageBytes is 1 to 2097152, not 2097153",
                "windowBytes is 65536 to 268435456, not 65535",
                "maxMessageBytes is at most windowBytes",
                "sendTimeout in ms is 1 to 86400000, not 0",
                "slowMemberTimeout in ms is 1 to 86400000, not 9223372036854775807",
                "foundingTimeout in ms is 1 to 86400000, not 0");
    }

    @Test
    void groupOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        GroupOptions changed = GroupOptions.builder(Ordering.TOTAL)
                .delivery(Delivery.SAFE)
                .partitionPolicy(PartitionPolicy.CONTINUE)
                .relay(Relay.ON_RECEIPT)
                .maxMessageBytes(1)
                .windowBytes(65_536)
                .overloadPolicy(OverloadPolicy.FAIL_FAST)
                .sendTimeout(Duration.ofMillis(2))
                .slowMemberTimeout(Duration.ofMillis(3))
                .agreement(GroupOptions.Agreement.LOG)
                .founders(Set.of(NodeId.of(1)))
                .foundingTimeout(Duration.ofMillis(4))
                .state(new NoState())
                .executor(Runnable::run)
                .build();
        assertAllDiffer(GroupOptions.of(Ordering.FIFO), changed);
        assertEquals(changed, changed.toBuilder().build());
    }

    @Test
    void snapshotDefaultsAndBounds() {
        assertEquals(
                new SnapshotOptions(Duration.ofSeconds(30), "application", 4, Optional.empty()),
                SnapshotOptions.defaults());
        assertEquals(
                1,
                SnapshotOptions.builder()
                        .deadline(Duration.ofNanos(1))
                        .retained(1)
                        .build()
                        .retained());
        assertEquals(
                10_000,
                SnapshotOptions.builder().deadline(DAY).retained(10_000).build().retained());
        assertProblems(
                () -> SnapshotOptions.builder()
                        .deadline(Duration.ZERO)
                        .retained(10_001)
                        .build(),
                "deadline is longer than nothing and at most a day",
                "retained is 1 to 10,000, not 10001");
        assertProblems(
                () -> SnapshotOptions.builder().deadline(DAY.plusNanos(1)).build(),
                "deadline is longer than nothing and at most a day");
    }

    @Test
    void snapshotOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        SnapshotOptions changed = SnapshotOptions.builder()
                .deadline(MILLI)
                .owner("night")
                .retained(1)
                .collectInto(Path.of("backup"))
                .build();
        assertAllDiffer(SnapshotOptions.defaults(), changed);
        assertEquals(changed, changed.toBuilder().build());
    }

    private static final class NoState implements GroupState {
        @Override
        public CheckpointWriter capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(Path directory) {
            throw new UnsupportedOperationException();
        }
    }
}
