package io.loggos.benchmarks.harness.trial;

import java.util.ArrayList;
import java.util.List;

/** One figure in each round of a trial. */
public final class RoundFigures {
    private final List<Double> values = new ArrayList<>();

    /** Adds the figure of a round, in milliseconds. */
    public void addNanos(long nanos) {
        values.add(nanos / 1e6);
    }

    /** Returns the figure of the last round. */
    public double last() {
        return values.get(values.size() - 1);
    }

    /** Returns the largest figure; not a number if there is none. */
    public double most() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Returns the median, the upper one of an even number of figures. */
    public double median() {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
