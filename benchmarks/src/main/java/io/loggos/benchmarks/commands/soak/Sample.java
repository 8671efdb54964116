package io.loggos.benchmarks.commands.soak;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What was seen in one second of a soak.
 *
 * @param nanos how long it was
 * @param longestGapNanos between two commits, the one that was still open at its end included
 * @param heapBytes in use after the last collection
 * @param diskBytes of all three nodes together
 * @param mostLagSlots of the replica that was furthest behind what is chosen, at its end
 * @param candidacies how often a replica has stood for leader, since the soak began
 * @param firstSlot where the log of the leader begins: what was truncated lies before
 * @param checkpointSlot where its last checkpoint stands
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

    /** The fields in the order of {@link #HEADER}, with commas between them. */
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

    /** For a person. */
    String describe() {
        return SoakSeries.describe(List.of(this));
    }
}
