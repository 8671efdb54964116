package io.loggos.benchmarks.harness.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Axis with decades of equal length. */
final class LogScale {
    /** Number of decades above which only powers of ten have labels. */
    private static final double DENSE_DECADES = 2.2;

    private static final double MARGIN = 1.35;

    private final double low;
    private final double high;
    private final double from;
    private final double to;

    /**
     * Creates an axis with room for all of these values.
     *
     * @param values positive values, at least one
     * @param from start of the axis, in pixels
     * @param to end of the axis, in pixels
     */
    LogScale(List<Double> values, double from, double to) {
        this.low = Math.log10(values.stream().mapToDouble(value -> value).min().orElseThrow() / MARGIN);
        this.high = Math.log10(values.stream().mapToDouble(value -> value).max().orElseThrow() * MARGIN);
        this.from = from;
        this.to = to;
    }

    /** Returns the place of a value, in pixels. */
    double at(double value) {
        return from + (Math.log10(value) - low) / (high - low) * (to - from);
    }

    /** Returns one, two and five times each power of ten on the axis. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(low); power <= (int) Math.ceil(high); power++) {
            for (int digit : new int[] {1, 2, 5}) {
                double value = digit * Math.pow(10, power);
                if (Math.log10(value) >= low && Math.log10(value) <= high) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    /** Returns the label of a tick; empty where labels would be too dense. */
    String label(double tick, DoubleFunction<String> text) {
        boolean power = Math.abs(Math.log10(tick) - Math.rint(Math.log10(tick))) < 1e-9;
        return power || high - low < DENSE_DECADES ? text.apply(tick) : "";
    }
}
