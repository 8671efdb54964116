package io.loggos.benchmarks.harness.workload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The operations that have completed, on their way back to the thread that drives the loop: Treiber's stack, linked
 * through the operations themselves, of which that thread takes all at once and turns them round. Neither side takes a
 * lock or allocates; the other threads wake the driver only if it waits, and only the first of them.
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

    /** Any thread. */
    void add(Operation operation) {
        Operation before;
        do {
            before = newest.get();
            operation.next = before;
        } while (!newest.compareAndSet(before, operation));
        // Whoever finds something there may leave the waking to the one that put the first.
        Thread driver = before == null ? waiting : null;
        if (driver != null) {
            LockSupport.unpark(driver);
        }
    }

    /** All there are, linked in the order in which they came; null if there are none. For the driver. */
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

    /** As {@link #takeAll}, once there is one. */
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
