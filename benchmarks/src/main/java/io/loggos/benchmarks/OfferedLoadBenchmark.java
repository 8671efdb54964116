package io.loggos.benchmarks;

import io.loggos.api.OverloadPolicy;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.report.OpenLoad;
import io.loggos.benchmarks.report.Subject;
import io.loggos.benchmarks.system.CommitWorkload;
import io.loggos.benchmarks.system.ReplicatedSystem;
import io.loggos.benchmarks.system.Systems;
import io.loggos.benchmarks.system.loggos.LoggosSystem;
import io.loggos.benchmarks.workload.Clock;
import io.loggos.benchmarks.workload.Heap;
import io.loggos.benchmarks.workload.Measurement;
import io.loggos.benchmarks.workload.OpenLoop;
import io.loggos.benchmarks.workload.Workload;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * The commit path of one system at a fixed rate of commands, whether it keeps up or not: what it does with more than it
 * can take. Latencies count from the time at which a command was due.
 */
public class OfferedLoadBenchmark extends MeasuredBenchmark {
    /** The name of the system. */
    @Param(Subject.LOGGOS)
    public String system = Subject.LOGGOS;

    /** Commands that are due in a second. */
    @Param("50000")
    public int ratePerSecond;

    /** The bytes of a command. */
    @Param("256")
    public int payloadBytes;

    /** The bytes of commands that Loggos has under way before it refuses; 0 for its default. */
    @Param("0")
    public int pendingBytes;

    private long heapBeforeBytes;
    private long heapAfterBytes;

    /** What has completed is recorded, and what is due is proposed. */
    @Benchmark
    public void commit() {
        workload().step();
    }

    @Override
    Subject subject(BenchmarkParams params) {
        return Systems.byName(system).subject();
    }

    @Override
    int inFlight() {
        return 0;
    }

    @Override
    int payload() {
        return payloadBytes;
    }

    @Override
    void beforeMeasuring() {
        if (heapBeforeBytes == 0) {
            heapBeforeBytes = Heap.usedAfterCollection();
        }
    }

    @Override
    void afterMeasuring() {
        heapAfterBytes = Math.max(heapAfterBytes, Heap.usedAfterCollection());
    }

    @Override
    OpenLoad openLoad() {
        return new OpenLoad(ratePerSecond, measurement().refused(), heapBeforeBytes, heapAfterBytes);
    }

    @Override
    Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception {
        ReplicatedSystem opened = bounded(Systems.byName(system));
        return new CommitWorkload(
                opened,
                directory,
                payloadBytes,
                into,
                work -> new OpenLoop(ratePerSecond, work, into, opened::refuses, Clock.SYSTEM));
    }

    private ReplicatedSystem bounded(ReplicatedSystem found) {
        if (pendingBytes == 0 || !(found instanceof LoggosSystem)) {
            return found;
        }
        ReplicaOptions defaults = ReplicaOptions.defaults();
        return new LoggosSystem(defaults.toBuilder()
                .maxCommandBytes(Math.min(defaults.maxCommandBytes(), pendingBytes))
                .maxPendingBytes(pendingBytes)
                .overloadPolicy(OverloadPolicy.FAIL_FAST)
                .build());
    }
}
