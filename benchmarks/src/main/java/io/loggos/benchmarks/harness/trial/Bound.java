package io.loggos.benchmarks.harness.trial;

import java.util.Locale;

/** How large a figure may or must be. */
public record Bound(boolean isMost, double limit) {
    /** It may be as large as this. */
    public static Bound atMost(double limit) {
        return new Bound(true, limit);
    }

    /** It must be as large as this. */
    public static Bound atLeast(double limit) {
        return new Bound(false, limit);
    }

    /** Whether a figure keeps to it; one that is no number does not. */
    public boolean holds(double value) {
        return isMost ? value <= limit : value >= limit;
    }

    @Override
    public String toString() {
        String number = String.format(Locale.ROOT, limit == Math.rint(limit) ? "%,.0f" : "%,.1f", limit);
        return (isMost ? "≤ " : "≥ ") + number;
    }
}
