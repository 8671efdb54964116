package io.loggos.benchmarks.commands.parts;

import io.loggos.api.Bytes;
import io.loggos.api.group.Ordering;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of the protocol alone for multicasts of 1 KiB by all four members of a group. It covers packing, ordering,
 * delivery, stability and credit. There are no links, no bytes on a wire, no threads.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class GroupProtocolBenchmark {
    private static final int MEMBERS = 4;
    private static final int PAYLOAD_BYTES = 1024;
    private static final int TOGETHER = 32;

    /** Ordering of the group. */
    @Param
    public Ordering ordering = Ordering.FIFO;

    private Bytes message = Bytes.EMPTY;
    private PureGroup group = new PureGroup(1, Ordering.FIFO);

    /** Opens a group with one view. */
    @Setup
    public void open() {
        message = Bytes.wrap(new byte[PAYLOAD_BYTES]);
        group = new PureGroup(MEMBERS, ordering);
    }

    /** Multicasts messages that share a packet. */
    @Benchmark
    @OperationsPerInvocation(MEMBERS * TOGETHER)
    public long together() {
        group.multicast(message, TOGETHER);
        return group.delivered();
    }

    /** Multicasts messages that have a packet each. */
    @Benchmark
    @OperationsPerInvocation(MEMBERS)
    public long alone() {
        group.multicast(message, 1);
        return group.delivered();
    }
}
