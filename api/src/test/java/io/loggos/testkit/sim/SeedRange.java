package io.loggos.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * A range of seeds, run on as many threads as the machine has processors, or as {@code sim.threads} says. Runs share nothing,
 * so the seed that fails first is the same on any number of threads.
 */
final class SeedRange {
    private final long first;
    private final long end;
    private final AtomicLong next;
    /** The exceptions of the runs that failed, by seed. */
    private final ConcurrentSkipListMap<Long, Throwable> failures = new ConcurrentSkipListMap<>();

    SeedRange(long first, int count) {
        this.first = first;
        this.end = first + count;
        this.next = new AtomicLong(first);
    }

    /**
     * Runs the seeds in order until one fails, and those below it.
     *
     * @return the lowest seed that failed and what it threw; null if none did
     */
    Map.Entry<Long, Throwable> runOnAll(LongConsumer run) {
        return run(run, Integer.getInteger("sim.threads", Runtime.getRuntime().availableProcessors()));
    }

    /** The same on one thread, for seeds of which one of the first is expected to fail. */
    Map.Entry<Long, Throwable> runInOrder(LongConsumer run) {
        return run(run, 1);
    }

    private Map.Entry<Long, Throwable> run(LongConsumer run, int threads) {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, end - first); i++) {
            Thread other = new Thread(() -> take(run), "seeds-" + i);
            other.setDaemon(true);
            other.start();
            others.add(other);
        }
        take(run);
        for (Thread other : others) {
            join(other);
        }
        return failures.firstEntry();
    }

    private void take(LongConsumer run) {
        for (long seed = next.getAndIncrement(); seed < end && failures.isEmpty(); seed = next.getAndIncrement()) {
            try {
                run.accept(seed);
            } catch (Throwable failure) { // A thread has nobody else to tell.
                failures.put(seed, failure);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while seeds run", e);
        }
    }
}
