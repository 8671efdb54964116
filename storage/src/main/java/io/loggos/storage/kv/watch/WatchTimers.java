package io.loggos.storage.kv.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time, and actions at a later time. Any thread. */
public interface WatchTimers {
    /** The time of the machine. */
    WatchTimers SYSTEM = new WatchTimers() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void later(long nanos, Runnable action) {
            CompletableFuture.delayedExecutor(Math.max(0, nanos), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(action);
        }
    };

    /** Returns a monotonic time. */
    long nanos();

    /** Runs a short action after this time, on any thread. */
    void later(long nanos, Runnable action);
}
