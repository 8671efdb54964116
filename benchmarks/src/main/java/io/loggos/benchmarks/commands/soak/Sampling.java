package io.loggos.benchmarks.commands.soak;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed number of samples at a fixed rate, taken on a thread of its own. */
final class Sampling {
    private final AtomicInteger left;
    private final Runnable sample;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private Sampling(int count, Runnable sample) {
        this.left = new AtomicInteger(count);
        this.sample = sample;
    }

    /** Takes {@code count} samples: the first after one period, and the last in full. */
    static Sampling begin(int count, Duration period, Runnable sample) {
        Sampling sampling = new Sampling(count, sample);
        long nanos = period.toNanos();
        ScheduledFuture<?> unused =
                sampling.thread.scheduleAtFixedRate(sampling::takeOne, nanos, nanos, TimeUnit.NANOSECONDS);
        return sampling;
    }

    private void takeOne() {
        try {
            sample.run();
            if (left.decrementAndGet() == 0) {
                thread.shutdown();
                end.complete(null);
            }
        } catch (RuntimeException | Error e) {
            thread.shutdown();
            end.completeExceptionally(e);
        }
    }

    /** True once all samples are taken, or one has failed. */
    boolean isOver() {
        return end.isDone();
    }

    /**
     * Waits for the last sample.
     *
     * @throws CompletionException if a sample failed
     */
    void check() {
        end.join();
    }
}
