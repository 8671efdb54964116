package io.loggos.benchmarks.harness.workload;

import java.util.concurrent.locks.LockSupport;

/** Clock of a loop, which a test can replace. */
public interface Clock {
    /** Clock of the machine. */
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

    /** Returns the present time, from any origin. */
    long nanos();

    /** Pauses until that time, or less. */
    void pauseUntil(long nanos);
}
