package io.loggos.benchmarks.harness.report;

import java.util.Locale;

/**
 * Further figures of an open loop: the offered load, and the reaction of the system to overload.
 *
 * @param offeredPerSecond operations that were due
 * @param refused number of operations that were refused in the measured time; they are no errors
 * @param heapBeforeBytes heap in use after a collection, before the load
 * @param heapAfterBytes heap in use after a collection, at the end of the measured time with everything under way
 */
public record OpenLoad(double offeredPerSecond, long refused, long heapBeforeBytes, long heapAfterBytes) {
    /** Returns one line for a person. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%,.0f/s offered, %,d refused, heap %,d MiB before and %,d MiB after",
                offeredPerSecond,
                refused,
                heapBeforeBytes >> 20,
                heapAfterBytes >> 20);
    }
}
