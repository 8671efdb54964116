package io.loggos.benchmarks.harness.workload;

import java.util.concurrent.locks.LockSupport;

/** The time of a loop, so that a test can make its own. */
public interface Clock {
    /** That of the machine. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pauseUntil(long nanos) {
            LockSupport.parkNanos(nanos - System.nanoTime());
        }
    };

    /** Now, from any origin. */
    long nanos();

    /** Returns at that time, or before. */
    void pauseUntil(long nanos);
}
