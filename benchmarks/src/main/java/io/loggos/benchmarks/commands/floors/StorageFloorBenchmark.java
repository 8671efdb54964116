package io.loggos.benchmarks.commands.floors;

import io.loggos.benchmarks.commands.floors.rocksdb.StoreWorkload;
import io.loggos.benchmarks.harness.jmh.LoadedBenchmark;
import io.loggos.benchmarks.harness.report.Floors;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Floor under the disk: the same bytes into plain RocksDB. A synced write has as many records as the commit path has
 * commands in flight. JMH's own score counts the writes. The report counts records; with three stores, a record counts
 * when all three have written it.
 */
public class StorageFloorBenchmark extends LoadedBenchmark {
    private @Nullable StoreWorkload stores;
    private int storeCount = 1;

    /** Assigns a store to each thread. */
    @State(Scope.Thread)
    public static class Writer {
        private int store;

        @Setup
        public void choose(ThreadParams thread) {
            store = thread.getThreadIndex();
        }
    }

    /** Makes one write into the only store. */
    @Benchmark
    @Threads(1)
    public void oneStore(Writer writer) {
        write(writer);
    }

    /** Makes one write into one of three stores, which are on the same disk. */
    @Benchmark
    @Threads(3)
    public void threeStores(Writer writer) {
        write(writer);
    }

    @Override
    protected Subject subject(BenchmarkParams params) {
        return params.getThreads() == 1 ? Floors.ONE_STORE : Floors.THREE_STORES;
    }

    @Override
    protected int copies() {
        return storeCount;
    }

    @Override
    protected Workload open(Path directory, BenchmarkParams params, Measurement into) throws Exception {
        storeCount = params.getThreads();
        StoreWorkload opened = new StoreWorkload(directory, storeCount, inFlight, payloadBytes, into);
        stores = opened;
        return opened;
    }

    private void write(Writer writer) {
        if (stores == null) {
            throw new IllegalStateException("not open");
        }
        stores.write(writer.store);
    }
}
