package io.loggos.benchmarks.commands.commit;

import io.loggos.api.OverloadPolicy;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.jmh.MeasuredBenchmark;
import io.loggos.benchmarks.harness.machine.Heap;
import io.loggos.benchmarks.harness.report.OpenLoad;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.Clock;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.OpenLoop;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.consensus.CommitWorkload;
import io.loggos.benchmarks.systems.consensus.ReplicatedSystem;
import io.loggos.benchmarks.systems.loggos.LoggosSystem;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Commit path of one system at a fixed rate of commands, below or above its capacity. Latencies count from the time at
 * which a command was due.
 */
public class OfferedLoadBenchmark extends MeasuredBenchmark {
    /** Name of the system. */
    @Param(Subject.LOGGOS)
    public String system = Subject.LOGGOS;

    /** Commands that are due in a second. */
    @Param("50000")
    public int ratePerSecond;

    /** Bytes of a command. */
    @Param("256")
    public int payloadBytes;

    /** Bytes of commands under way above which Loggos refuses; 0 for its default. */
    @Param("0")
    public int pendingBytes;

    private long heapBeforeBytes;
    private long heapAfterBytes;

    /** Records completed commands and proposes those that are due. */
    @Benchmark
    public void commit() {
        workload().step();
    }

    @Override
    protected Subject subject(BenchmarkParams params) {
        return Catalog.CONSENSUS.byName(system).subject();
    }

    @Override
    protected int inFlight() {
        return 0;
    }

    @Override
    protected int payload() {
        return payloadBytes;
    }

    @Override
    protected void beforeMeasuring() {
        if (heapBeforeBytes == 0) {
            heapBeforeBytes = Heap.usedAfterCollection();
        }
    }

    @Override
    protected void afterMeasuring() {
        heapAfterBytes = Math.max(heapAfterBytes, Heap.usedAfterCollection());
    }

    @Override
    protected OpenLoad openLoad() {
        return new OpenLoad(ratePerSecond, measurement().refused(), heapBeforeBytes, heapAfterBytes);
    }

    @Override
    protected Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception {
        ReplicatedSystem opened = bounded(Catalog.CONSENSUS.byName(system));
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
