package io.loggos.benchmarks.harness.machine;

import java.lang.management.ManagementFactory;

/** Heap of this JVM. */
public final class Heap {
    private Heap() {}

    /** Returns the bytes in use after a full collection, which stops all threads for some milliseconds. */
    public static long usedAfterCollection() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
