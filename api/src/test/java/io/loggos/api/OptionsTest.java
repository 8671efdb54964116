package io.loggos.api;

import static io.loggos.api.OptionAssertions.assertAllDiffer;
import static io.loggos.api.OptionAssertions.assertProblems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Relay;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.ApplyFailurePolicy;
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
                        100),
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
                .state(new OptionAssertions.NoState())
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

    @Test
    void userCodeDefaultsAndBounds() throws ReflectiveOperationException {
        Duration five = Duration.ofSeconds(5);
        UserCodeOptions defaults = new UserCodeOptions(five, five, Optional.empty(), Optional.empty());
        assertEquals(defaults, UserCodeOptions.defaults());
        UserCodeOptions changed = UserCodeOptions.builder()
                .closeTimeout(MILLI)
                .blockedAfter(MILLI)
                .onError((source, cause) -> {})
                .answers(Runnable::run)
                .build();
        assertAllDiffer(defaults, changed);
        assertEquals(changed, changed.toBuilder().build());
        UserCodeOptions.Builder wrong = changed.toBuilder().closeTimeout(Duration.ZERO);
        assertProblems(wrong::build, "closeTimeout is 1 ms to 86400000 ms, not 0 ms");
    }

    @Test
    void timingDefaultsAndBounds() {
        assertEquals(new TimingOptions(Duration.ofMillis(100), Duration.ofSeconds(1)), TimingOptions.defaults());
        TimingOptions most = TimingOptions.ofElectionTimeout(Duration.ofMinutes(10));
        assertEquals(Duration.ofMinutes(1), most.heartbeatInterval());
        TimingOptions least = TimingOptions.builder()
                .electionTimeout(Duration.ofMillis(5))
                .heartbeatInterval(MILLI)
                .build();
        assertEquals(Duration.ofMillis(5), least.electionTimeout());
        assertProblems(
                () -> TimingOptions.builder()
                        .heartbeatInterval(Duration.ZERO)
                        .electionTimeout(Duration.ofSeconds(601))
                        .build(),
                "heartbeatInterval is 1 ms to 60000 ms, not 0 ms",
                "electionTimeout is 5 ms to 600000 ms, not 601000 ms");
        assertProblems(
                () -> TimingOptions.builder()
                        .heartbeatInterval(ChronoUnit.FOREVER.getDuration())
                        .electionTimeout(Duration.ofMillis(4))
                        .build(),
                "heartbeatInterval is 1 ms to 60000 ms, not 9223372036854775807 ms",
                "electionTimeout is 5 ms to 600000 ms, not 4 ms",
                "electionTimeout is at least 3 heartbeat intervals");
    }

    @Test
    void anElectionTimeoutIsAtLeastThreeHeartbeats() {
        TimingOptions.Builder builder = TimingOptions.builder().heartbeatInterval(Duration.ofMillis(100));
        assertEquals(
                Duration.ofMillis(300),
                builder.electionTimeout(Duration.ofMillis(300)).build().electionTimeout());
        assertProblems(
                builder.electionTimeout(Duration.ofMillis(300).minusNanos(1))::build,
                "electionTimeout is at least 3 heartbeat intervals");
    }

    @Test
    void timingOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        TimingOptions changed = TimingOptions.builder()
                .heartbeatInterval(Duration.ofMillis(3))
                .electionTimeout(Duration.ofMillis(10))
                .build();
        assertAllDiffer(TimingOptions.defaults(), changed);
        assertEquals(changed, changed.toBuilder().build());
    }

    @Test
    void transportDefaultsAndBounds() {
        assertEquals(new TransportOptions(4_194_304, 8_388_608, 67_108_864), TransportOptions.defaults());
        TransportOptions least = TransportOptions.builder()
                .maxFrameBytes(64 << 10)
                .windowBytes(64 << 10)
                .bufferBytes(64 << 10)
                .build();
        assertEquals(65_536, least.bufferBytes());
        TransportOptions most = TransportOptions.builder()
                .maxFrameBytes(64 << 20)
                .windowBytes(1 << 30)
                .bufferBytes(Integer.MAX_VALUE)
                .build();
        assertEquals(1_073_741_824, most.windowBytes());
        assertProblems(
                () -> TransportOptions.builder()
                        .maxFrameBytes((64 << 10) - 1)
                        .windowBytes((1 << 30) + 1)
                        .bufferBytes(1 << 30)
                        .build(),
                "maxFrameBytes is 65536 to 67108864, not 65535",
                "windowBytes is 65535 to 1073741824, not 1073741825",
                "bufferBytes is 1073741825 to 2147483647, not 1073741824");
    }

    @Test
    void transportOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        TransportOptions changed = TransportOptions.builder()
                .maxFrameBytes(65_536)
                .windowBytes(65_537)
                .bufferBytes(65_538)
                .build();
        assertAllDiffer(TransportOptions.defaults(), changed);
        assertEquals(changed, changed.toBuilder().build());
    }

    @Test
    void storageDefaultsAndBounds() {
        assertEquals(new StorageOptions(67_108_864, 8_388_608, 1_048_576), StorageOptions.defaults());
        StorageOptions least = StorageOptions.builder()
                .memtableBytes(1 << 20)
                .groupCommitBytes(64 << 10)
                .build();
        assertEquals(1_048_576, least.memtableBytes());
        StorageOptions most = StorageOptions.builder()
                .memtableBytes(4L << 30)
                .groupCommitBytes(1 << 30)
                .build();
        assertEquals(1_073_741_824, most.groupCommitBytes());
        assertProblems(
                () -> StorageOptions.builder()
                        .memtableBytes(0)
                        .groupCommitBytes(0)
                        .build(),
                "memtableBytes is 1048576 to 4294967296, not 0",
                "groupCommitBytes is 65536 to 1073741824, not 0");
    }

    @Test
    void storageOptionsKeepEverythingInABuilder() throws ReflectiveOperationException {
        StorageOptions changed = StorageOptions.builder()
                .memtableBytes(1 << 20)
                .groupCommitBytes(65_536)
                .scrubBytesPerSecond(0)
                .build();
        assertAllDiffer(StorageOptions.defaults(), changed);
        assertEquals(changed, changed.toBuilder().build());
    }
}
