package io.loggos.benchmarks.commands.commit;

import io.loggos.benchmarks.harness.jmh.LoadedBenchmark;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.consensus.CommitWorkload;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Commit path of one system: three replicas, the loopback address, durable on one disk. All replicas and the caller
 * count, so processor time and allocation are those of a command in the whole cluster. The benchmark fails if the
 * replicas do not all hold the same commands in the same order.
 */
public class CommitBenchmark extends LoadedBenchmark {
    /** Name of the system. */
    @Param(Subject.LOGGOS)
    public String system = Subject.LOGGOS;

    /** Waits until some commands complete, and proposes as many. */
    @Benchmark
    public void commit() {
        workload().step();
    }

    @Override
    protected Subject subject(BenchmarkParams params) {
        return Catalog.CONSENSUS.byName(system).subject();
    }

    @Override
    protected Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception {
        return new CommitWorkload(
                Catalog.CONSENSUS.byName(system),
                directory,
                payloadBytes,
                into,
                work -> new ClosedLoop(inFlight, work, into));
    }
}
