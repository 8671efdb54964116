package io.loggos.benchmarks.commands.reads;

import io.loggos.benchmarks.harness.jmh.MeasuredBenchmark;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Reads by read index, or by lease, at the leader and at a follower of three idle nodes in one JVM. */
public class LinearizableReadBenchmark extends MeasuredBenchmark {
    /** Operations under way at any time. */
    @Param({"1", "64", "1024"})
    public int inFlight;

    /** Waits until a read at the leader completes, and asks for another. */
    @Benchmark
    public void leader() {
        workload().step();
    }

    /** Waits until a read by lease at the leader completes, and asks for another. */
    @Benchmark
    public void lease() {
        workload().step();
    }

    /** Waits until a read at a follower completes, and asks for another. */
    @Benchmark
    public void follower() {
        workload().step();
    }

    @Override
    protected Subject subject(BenchmarkParams params) {
        String name = params.getBenchmark();
        return name.endsWith(".leader")
                ? ReadWorkload.LEADER
                : name.endsWith(".lease") ? ReadWorkload.LEASE : ReadWorkload.FOLLOWER;
    }

    @Override
    protected int inFlight() {
        return inFlight;
    }

    @Override
    protected int payload() {
        return 0;
    }

    @Override
    protected Workload open(Path directory, BenchmarkParams params, Measurement into) {
        return new ReadWorkload(directory, inFlight, subject(params), into);
    }
}
