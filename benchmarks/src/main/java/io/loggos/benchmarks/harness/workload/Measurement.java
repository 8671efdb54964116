package io.loggos.benchmarks.harness.workload;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.loggos.benchmarks.harness.report.Figures;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measurement of time, processor time, allocation and latencies over one or more stretches. {@link #start} and {@link
 * #stop} are for one thread. Each thread that records has {@link Latencies} of its own, which count only between the
 * two. {@link #figures} must be called when no thread records.
 */
public final class Measurement {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final List<Latencies> latencies = new CopyOnWriteArrayList<>();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstError = new AtomicReference<>();
    private LongSupplier cpuNanosElsewhere = () -> 0;
    private LongSupplier allocatedBytesElsewhere = () -> 0;
    private volatile boolean running;

    private long nanos;
    private long cpuNanos;
    private long allocatedBytes;

    private long startedNanos;
    private long startedCpuNanos;
    private long startedBytesElsewhere;
    private Map<Long, Long> startedAllocations = Map.of();

    /** Returns latencies for one more thread that records. */
    public Latencies newLatencies() {
        Latencies added = new Latencies(this);
        latencies.add(added);
        return added;
    }

    /**
     * Adds other processes, with functions for the processor time and the bytes that they have used since they began.
     */
    public void countElsewhere(LongSupplier cpuNanosUsed, LongSupplier bytesAllocated) {
        cpuNanosElsewhere = cpuNanosUsed;
        allocatedBytesElsewhere = bytesAllocated;
    }

    /** Starts the clocks. */
    public void start() {
        startedAllocations = allocations();
        startedBytesElsewhere = allocatedBytesElsewhere.getAsLong();
        startedCpuNanos = cpuNanosUsed();
        startedNanos = System.nanoTime();
        running = true;
    }

    /** Stops the clocks, until they are started again. */
    public void stop() {
        running = false;
        nanos += System.nanoTime() - startedNanos;
        cpuNanos += cpuNanosUsed() - startedCpuNanos;
        allocatedBytes += allocatedBytesElsewhere.getAsLong() - startedBytesElsewhere;
        allocations().forEach((thread, bytes) -> allocatedBytes += bytes - startedAllocations.getOrDefault(thread, 0L));
    }

    boolean isRunning() {
        return running;
    }

    /** Records a failed operation, no matter if the clocks run. Any thread may call this. */
    public void failed(Throwable failure) {
        errors.incrementAndGet();
        firstError.compareAndSet(null, failure);
    }

    /** Returns the number of operations that have failed. */
    public long errors() {
        return errors.get();
    }

    /** Returns the first failure; null if there was none. */
    public @Nullable Throwable firstError() {
        return firstError.get();
    }

    /** Returns the number of operations that were refused while the clocks ran. */
    public long refused() {
        return latencies.stream().mapToLong(Latencies::refusedCount).sum();
    }

    /**
     * Returns the figures.
     *
     * @param copies number of recorded operations that make one: three, if each of three stores recorded its own
     */
    public Figures figures(int copies) {
        Histogram all = Latencies.empty();
        latencies.forEach(each -> each.addTo(all));
        double operations = (double) all.getTotalCount() / copies;
        return new Figures(
                operations * TimeUnit.SECONDS.toNanos(1) / nanos,
                all.getValueAtPercentile(50) / 1e3,
                all.getValueAtPercentile(99) / 1e3,
                all.getValueAtPercentile(99.9) / 1e3,
                cpuNanos / 1e3 / operations,
                allocatedBytes / operations);
    }

    private long cpuNanosUsed() {
        return PROCESS.getProcessCpuTime() + cpuNanosElsewhere.getAsLong();
    }

    /**
     * Returns the bytes that each living thread has allocated since it began. A thread that ends within a stretch is
     * not counted.
     */
    private static Map<Long, Long> allocations() {
        long[] threads = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(threads);
        Map<Long, Long> allocations = new TreeMap<>();
        for (int i = 0; i < threads.length; i++) {
            if (bytes[i] >= 0) {
                allocations.put(threads[i], bytes[i]);
            }
        }
        return allocations;
    }
}
