package io.loggos.snapshot.sim.predicate;

/** A vector clock that goes with the messages and that the nodes do not see. */
final class HiddenClock {
    private final long[] counts;

    HiddenClock(int nodes) {
        this(new long[nodes]);
    }

    private HiddenClock(long[] counts) {
        this.counts = counts;
    }

    long at(int node) {
        return counts[node];
    }

    void set(int node, long count) {
        counts[node] = count;
    }

    void merge(HiddenClock other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.max(counts[i], other.counts[i]);
        }
    }

    HiddenClock copy() {
        return new HiddenClock(counts.clone());
    }
}
