package io.loggos.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.loggos.benchmarks.report.Report;
import io.loggos.benchmarks.report.Subject;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Time, processor time, allocation and latencies over one or more stretches. {@link #start} and {@link #stop} are for
 * one thread; operations may be recorded from any, and count only between the two.
 */
public final class Measurement {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final ConcurrentHistogram latencies = new ConcurrentHistogram(LONGEST_NANOS, 3);
    private final AtomicLong errors = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstError = new AtomicReference<>();
    private volatile boolean running;

    private long nanos;
    private long cpuNanos;
    private long allocatedBytes;

    private long startedNanos;
    private long startedCpuNanos;
    private Map<Long, Long> startedAllocations = Map.of();

    /** The clocks run from here. */
    public void start() {
        startedAllocations = allocations();
        startedCpuNanos = PROCESS.getProcessCpuTime();
        startedNanos = System.nanoTime();
        running = true;
    }

    /** The clocks stop here, until they are started again. */
    public void stop() {
        running = false;
        nanos += System.nanoTime() - startedNanos;
        cpuNanos += PROCESS.getProcessCpuTime() - startedCpuNanos;
        allocations().forEach((thread, bytes) -> allocatedBytes += bytes - startedAllocations.getOrDefault(thread, 0L));
    }

    /** Some operations have completed together. */
    public void completed(long latencyNanos, int operations) {
        if (running) {
            latencies.recordValueWithCount(Math.min(latencyNanos, LONGEST_NANOS), operations);
        }
    }

    /** An operation has failed. It counts whether the clocks run or not. */
    public void failed(Throwable failure) {
        errors.incrementAndGet();
        firstError.compareAndSet(null, failure);
    }

    /** The first failure, if there was any. */
    public @Nullable Throwable firstError() {
        return firstError.get();
    }

    /**
     * What was measured.
     *
     * @param copies how many of the recorded operations make one: three, if each of three stores recorded its own
     */
    public Report report(
            Subject subject,
            int inFlight,
            int payloadBytes,
            int copies,
            @Nullable Boolean replicasAgree,
            String machine,
            String jvm) {
        double operations = (double) latencies.getTotalCount() / copies;
        return new Report(
                subject,
                inFlight,
                payloadBytes,
                operations * TimeUnit.SECONDS.toNanos(1) / nanos,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                latencies.getValueAtPercentile(99.9) / 1e3,
                cpuNanos / 1e3 / operations,
                allocatedBytes / operations,
                errors.get(),
                replicasAgree,
                machine,
                jvm);
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
