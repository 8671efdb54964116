package io.loggos.benchmarks.harness.trial;

import io.loggos.benchmarks.harness.report.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure that a trial has found.
 *
 * @param what the trial, and what happened in it
 * @param setting under which conditions
 * @param figure the name of the figure, with its unit last: {@code longestGapMillis}
 * @param value is given with one decimal place, so the unit must be small enough for that
 * @param bound what is asked of it; null if nothing is
 */
public record Finding(
        String what,
        String setting,
        String figure,
        double value,
        @Nullable Bound bound) {
    /** A figure of which nothing is asked. */
    public static Finding of(String what, String setting, String figure, double value) {
        return new Finding(what, setting, figure, value, null);
    }

    /** Whether it is as it should be. */
    public boolean holds() {
        return bound == null || bound.holds(value);
    }

    /** For a table. */
    List<String> row() {
        return List.of(
                what,
                setting,
                figure,
                Double.isFinite(value) ? String.format(Locale.ROOT, "%,.1f", value) : "-",
                bound == null ? "" : bound.toString(),
                holds() ? "" : "MISSED");
    }

    /** With what it is, but not yet where it was found. */
    JsonObject toJson() {
        JsonObject object = new JsonObject()
                .text("what", what)
                .text("setting", setting)
                .text("figure", figure)
                .number("value", value);
        if (bound == null) {
            return object.nothing("bound").nothing("holds");
        }
        return object.text("bound", bound.toString()).truth("holds", holds());
    }
}
