package io.loggos.benchmarks.harness.trial;

import io.loggos.benchmarks.harness.report.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure that a trial has found.
 *
 * @param what name of the trial, and of the event in it
 * @param setting conditions of the trial
 * @param figure name of the figure, with its unit last: {@code longestGapMillis}
 * @param value value, shown with one decimal place, so the unit must be small enough for that
 * @param bound bound of the figure; null if there is none
 */
public record Finding(
        String what,
        String setting,
        String figure,
        double value,
        @Nullable Bound bound) {
    /** Returns a figure without a bound. */
    public static Finding of(String what, String setting, String figure, double value) {
        return new Finding(what, setting, figure, value, null);
    }

    /** Tells if the figure is within its bound. */
    public boolean holds() {
        return bound == null || bound.holds(value);
    }

    /** Returns the row of a table. */
    List<String> row() {
        return List.of(
                what,
                setting,
                figure,
                Double.isFinite(value) ? String.format(Locale.ROOT, "%,.1f", value) : "-",
                bound == null ? "" : bound.toString(),
                holds() ? "" : "MISSED");
    }

    /** Returns an open JSON object with the figure, but without the machine. */
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
