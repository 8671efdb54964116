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
 * Time, processor time, allocation and latencies over one or more stretches. {@link #start} and {@link #stop} are for
 * one thread; each thread that records has {@link Latencies} of its own, and what it records counts only between the
 * two. {@link #figures} is for when all of them are still.
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

    /** For one more thread that records. */
    public Latencies newLatencies() {
        Latencies added = new Latencies(this);
        latencies.add(added);
        return added;
    }

    /** Other processes take part: what they have used and allocated since they began counts too. */
    public void countElsewhere(LongSupplier cpuNanosUsed, LongSupplier bytesAllocated) {
        cpuNanosElsewhere = cpuNanosUsed;
        allocatedBytesElsewhere = bytesAllocated;
    }

    /** The clocks run from here. */
    public void start() {
        startedAllocations = allocations();
        startedBytesElsewhere = allocatedBytesElsewhere.getAsLong();
        startedCpuNanos = cpuNanosUsed();
        startedNanos = System.nanoTime();
        running = true;
    }

    /** The clocks stop here, until they are started again. */
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

    /** An operation has failed. It counts whether the clocks run or not. Any thread. */
    public void failed(Throwable failure) {
        errors.incrementAndGet();
        firstError.compareAndSet(null, failure);
    }

    /** How many operations have failed. */
    public long errors() {
        return errors.get();
    }

    /** The first failure, if there was any. */
    public @Nullable Throwable firstError() {
        return firstError.get();
    }

    /** How many operations were refused while the clocks ran. */
    public long refused() {
        return latencies.stream().mapToLong(Latencies::refusedCount).sum();
    }

    /**
     * What was measured.
     *
     * @param copies how many of the recorded operations make one: three, if each of three stores recorded its own
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

    /** What each living thread has allocated since it began. A thread that ends within a stretch is not counted. */
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
