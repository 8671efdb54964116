package io.loggos.multicast.group.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the total order, as runs: the next packets of one rank, then of another, and so on. Immutable.
 *
 * <p>A packet needs no number of its own, since those of one member are ordered as they were sent.
 */
public final class OrderNumbers {
    /** Orders nothing. */
    public static final OrderNumbers NONE = new OrderNumbers(new int[0]);

    private final int[] runs;

    private OrderNumbers(int[] runs) {
        this.runs = runs;
    }

    /** Runs as rank, length, rank, length…; they are copied. */
    public static OrderNumbers of(int... runs) {
        if (runs.length % 2 != 0) {
            throw new IllegalArgumentException("a run without a length");
        }
        return runs.length == 0 ? NONE : new OrderNumbers(runs.clone());
    }

    public boolean isEmpty() {
        return runs.length == 0;
    }

    /** Returns the same order in pieces of at most so many runs; none if it orders nothing. */
    public List<OrderNumbers> parts(int mostRuns) {
        if (size() <= mostRuns) {
            return isEmpty() ? List.of() : List.of(this);
        }
        List<OrderNumbers> parts = new ArrayList<>();
        for (int from = 0; from < runs.length; from += 2 * mostRuns) {
            parts.add(new OrderNumbers(Arrays.copyOfRange(runs, from, Math.min(runs.length, from + 2 * mostRuns))));
        }
        return parts;
    }

    /** Number of runs. */
    public int size() {
        return runs.length / 2;
    }

    public int rank(int run) {
        return runs[2 * run];
    }

    public int length(int run) {
        return runs[2 * run + 1];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OrderNumbers that && Arrays.equals(runs, that.runs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(runs);
    }

    @Override
    public String toString() {
        return Arrays.toString(runs);
    }
}
