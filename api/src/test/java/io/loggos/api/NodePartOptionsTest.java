package io.loggos.api;

import static io.loggos.api.OptionAssertions.assertAllDiffer;
import static io.loggos.api.OptionAssertions.assertProblems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Options of the parts of a node: their defaults and bounds. */
class NodePartOptionsTest {
    private static final Duration MILLI = Duration.ofMillis(1);

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
        assertEquals(new TimingOptions(Duration.ofMillis(100), Duration.ofSeconds(1), 0), TimingOptions.defaults());
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
                .maxClockDriftPpm(200)
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
