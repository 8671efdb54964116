package io.loggos.benchmarks.commands.soak;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Figures of one second of a soak.
 *
 * @param nanos duration of the sample
 * @param longestGapNanos longest gap between two commits, including one that was still open at the end
 * @param heapBytes heap in use after the last collection
 * @param diskBytes bytes on the disk of all three nodes together
 * @param mostLagSlots slots by which the slowest replica is behind the chosen ones, at the end
 * @param candidacies number of candidacies of all replicas since the soak began
 * @param firstSlot first slot of the leader's log; those before are truncated
 * @param checkpointSlot slot of its last checkpoint
 */
record Sample(
        long nanos,
        long commits,
        long longestGapNanos,
        long heapBytes,
        long diskBytes,
        long mostLagSlots,
        long candidacies,
        long firstSlot,
        long checkpointSlot) {
    static final String HEADER =
            "nanos,commits,longestGapNanos,heapBytes,diskBytes,mostLagSlots,candidacies," + "firstSlot,checkpointSlot";

    private static final int FIELDS = 9;

    /** Returns the fields in the order of {@link #HEADER}, separated by commas. */
    String toLine() {
        return LongStream.of(
                        nanos,
                        commits,
                        longestGapNanos,
                        heapBytes,
                        diskBytes,
                        mostLagSlots,
                        candidacies,
                        firstSlot,
                        checkpointSlot)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(","));
    }

    /** Reads {@link #toLine} back. */
    static Sample parse(String line) {
        long[] fields =
                Arrays.stream(line.split(",", -1)).mapToLong(Long::parseLong).toArray();
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not a sample: " + line);
        }
        return new Sample(
                fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7], fields[8]);
    }

    /** Returns the sample as text for a person. */
    String describe() {
        return SoakSeries.describe(List.of(this));
    }
}
