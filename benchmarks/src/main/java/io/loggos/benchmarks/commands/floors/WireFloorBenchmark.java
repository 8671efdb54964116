package io.loggos.benchmarks.commands.floors;

import io.loggos.benchmarks.commands.floors.grpc.WireWorkload;
import io.loggos.benchmarks.harness.jmh.LoadedBenchmark;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Floors under the network: the same bytes over plain gRPC, TCP and the loopback address. */
public class WireFloorBenchmark extends LoadedBenchmark {
    /** Waits until a call is answered, and makes another. */
    @Benchmark
    public void roundTrip() {
        workload().step();
    }

    /** Waits until messages are acknowledged, and sends as many. */
    @Benchmark
    public void stream() {
        workload().step();
    }

    @Override
    protected Subject subject(BenchmarkParams params) {
        return params.getBenchmark().endsWith(".stream") ? Floors.STREAM : Floors.ROUND_TRIP;
    }

    @Override
    protected Workload open(Path directory, BenchmarkParams params, Measurement into) throws IOException {
        return subject(params).equals(Floors.STREAM)
                ? WireWorkload.stream(inFlight, payloadBytes, into)
                : WireWorkload.roundTrips(inFlight, payloadBytes, into);
    }
}
