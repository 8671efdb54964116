package io.loggos.benchmarks.harness.trial;

import java.util.Locale;

/** Upper or lower bound of a figure. */
public record Bound(boolean isMost, double limit) {
    /** Returns an upper bound. */
    public static Bound atMost(double limit) {
        return new Bound(true, limit);
    }

    /** Returns a lower bound. */
    public static Bound atLeast(double limit) {
        return new Bound(false, limit);
    }

    /** Tells if a figure is within the bound; not a number never is. */
    public boolean holds(double value) {
        return isMost ? value <= limit : value >= limit;
    }

    @Override
    public String toString() {
        String number = String.format(Locale.ROOT, limit == Math.rint(limit) ? "%,.0f" : "%,.1f", limit);
        return (isMost ? "≤ " : "≥ ") + number;
    }
}
