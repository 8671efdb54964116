package io.loggos.benchmarks;

import io.loggos.benchmarks.report.Subject;
import io.loggos.benchmarks.workload.CommitWorkload;
import io.loggos.benchmarks.workload.Measurement;
import io.loggos.benchmarks.workload.Workload;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * The commit path: three nodes in one JVM, gRPC on the loopback address, RocksDB with synced writes. All three replicas
 * and the caller are in the process, so processor time and allocation are those of a command in the whole cluster. The
 * benchmark fails if the replicas do not all end at one slot with one state.
 */
public class CommitBenchmark extends MeasuredBenchmark {
    /** The bytes of a command. */
    @Param("256")
    public int payloadBytes;

    /** One command completes, and another is proposed. */
    @Benchmark
    public void commit() {
        workload().step();
    }

    @Override
    Subject subject(BenchmarkParams params) {
        return Subject.COMMIT;
    }

    @Override
    int payload() {
        return payloadBytes;
    }

    @Override
    Workload open(Path directory, BenchmarkParams params, Measurement into) {
        return new CommitWorkload(directory, inFlight, payloadBytes, into);
    }
}
