package io.loggos.benchmarks.harness.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Where a value lies along an axis whose decades are of equal length. */
final class LogScale {
    /** More decades than this are labelled at the powers of ten only. */
    private static final double DENSE_DECADES = 2.2;

    private static final double MARGIN = 1.35;

    private final double low;
    private final double high;
    private final double from;
    private final double to;

    /**
     * An axis on which all of these values have room.
     *
     * @param values positive, at least one
     * @param from where the axis begins, in pixels
     * @param to where it ends
     */
    LogScale(List<Double> values, double from, double to) {
        this.low = Math.log10(values.stream().mapToDouble(value -> value).min().orElseThrow() / MARGIN);
        this.high = Math.log10(values.stream().mapToDouble(value -> value).max().orElseThrow() * MARGIN);
        this.from = from;
        this.to = to;
    }

    /** Where a value lies, in pixels. */
    double at(double value) {
        return from + (Math.log10(value) - low) / (high - low) * (to - from);
    }

    /** One, two and five times each power of ten on the axis. */
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

    /** What is written at a tick; nothing where there would be too much. */
    String label(double tick, DoubleFunction<String> text) {
        boolean power = Math.abs(Math.log10(tick) - Math.rint(Math.log10(tick))) < 1e-9;
        return power || high - low < DENSE_DECADES ? text.apply(tick) : "";
    }
}
