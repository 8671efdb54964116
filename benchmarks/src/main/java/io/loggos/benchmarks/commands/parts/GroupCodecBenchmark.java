package io.loggos.benchmarks.commands.parts;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.VectorClock;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.group.wire.GroupEnvelope;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding and decoding of a packet of 32 messages of 1 KiB, with the stamp of a causal one among four members. Its
 * messages are not copied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class GroupCodecBenchmark {
    private static final NodeId SELF = NodeId.of(2);
    private static final GroupId GROUP = GroupId.ofName("parts");
    private static final int MESSAGES = 32;
    private static final int PAYLOAD_BYTES = 1024;

    private final Packet packet = packet();
    private final Bytes encoded = joined(GroupCodec.encode(SELF, GROUP, packet));

    /** Encodes the packet. */
    @Benchmark
    public GroupCodec.Encoded encode() {
        return GroupCodec.encode(SELF, GROUP, packet);
    }

    /** Decodes the packet. */
    @Benchmark
    public GroupEnvelope decode() {
        return GroupCodec.decode(encoded);
    }

    private static Packet packet() {
        ByteBuffer messages = ByteBuffer.allocate(MESSAGES * (4 + PAYLOAD_BYTES));
        for (int i = 0; i < MESSAGES; i++) {
            messages.putInt(PAYLOAD_BYTES).put(new byte[PAYLOAD_BYTES]);
        }
        return new Packet(
                new ViewId(7, NodeId.of(1), 77),
                1,
                1_000_000,
                Ordering.CAUSAL,
                Delivery.ON_RECEIPT,
                -1,
                VectorClock.of(999_999, 999_999, 1_000_001, 1_000_002),
                OrderNumbers.NONE,
                MESSAGES,
                Bytes.wrap(messages.array()));
    }

    private static Bytes joined(GroupCodec.Encoded pieces) {
        ByteBuffer joined =
                ByteBuffer.allocate(pieces.head().size() + pieces.body().size());
        joined.put(pieces.head().asByteBuffer()).put(pieces.body().asByteBuffer());
        return Bytes.wrap(joined.array());
    }
}
