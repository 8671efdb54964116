package io.loggos.benchmarks.harness.report;

import java.util.Locale;

/**
 * What an open loop tells besides: how much was offered, and what the system did with what it could not take.
 *
 * @param offeredPerSecond operations that were due
 * @param refused how many of them were refused in the measured time; they are no errors
 * @param heapBeforeBytes on the heap after a collection, before the load
 * @param heapAfterBytes on the heap after a collection, at the end of the measured time with all that is under way
 */
public record OpenLoad(double offeredPerSecond, long refused, long heapBeforeBytes, long heapAfterBytes) {
    /** One line for a person. */
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
