package io.loggos.benchmarks.harness.workload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Completed operations on their way back to the thread that drives the loop. They form a Treiber stack, linked through
 * the operations themselves. The driver takes all at once and reverses them. Neither side takes a lock or allocates.
 * Other threads wake the driver only if it waits, and only the first of them does.
 */
final class Completions {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Clock clock;
    private final AtomicReference<@Nullable Operation> newest = new AtomicReference<>();
    private volatile @Nullable Thread waiting;

    Completions(Clock clock) {
        this.clock = clock;
    }

    long nanos() {
        return clock.nanos();
    }

    /** Adds an operation. Any thread may call this. */
    void add(Operation operation) {
        Operation before;
        do {
            before = newest.get();
            operation.next = before;
        } while (!newest.compareAndSet(before, operation));
        // Only the thread that adds the first operation wakes the driver.
        Thread driver = before == null ? waiting : null;
        if (driver != null) {
            LockSupport.unpark(driver);
        }
    }

    /** Takes all operations, linked in the order in which they came; null if there are none. For the driver. */
    @Nullable
    Operation takeAll() {
        if (newest.get() == null) {
            return null;
        }
        Operation oldest = null;
        Operation from = newest.getAndSet(null);
        while (from != null) {
            Operation before = from.next;
            from.next = oldest;
            oldest = from;
            from = before;
        }
        return oldest;
    }

    /** Waits until there is an operation, then takes all as {@link #takeAll} does. */
    Operation awaitSome() {
        Operation oldest = takeAll();
        if (oldest == null) {
            park();
            oldest = takeAll();
        }
        if (oldest == null) {
            throw new IllegalStateException("no operation has completed for " + PATIENCE.toSeconds() + " s");
        }
        return oldest;
    }

    private void park() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        waiting = Thread.currentThread();
        try {
            long left = PATIENCE.toNanos();
            while (newest.get() == null && left > 0) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted");
                }
                left = deadline - System.nanoTime();
            }
        } finally {
            waiting = null;
        }
    }
}
