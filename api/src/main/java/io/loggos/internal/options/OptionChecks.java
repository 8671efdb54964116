package io.loggos.internal.options;

import io.loggos.api.InvalidOptionsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a set of options, to report all of them at once. */
public final class OptionChecks {
    private final List<String> problems = new ArrayList<>();

    /** Adds a problem. */
    public OptionChecks add(String problem) {
        problems.add(problem);
        return this;
    }

    /** Adds a problem unless the condition holds. */
    public OptionChecks require(boolean holds, String otherwise) {
        return holds ? this : add(otherwise);
    }

    /** Adds a problem unless the value is within its bounds, both inclusive. */
    public OptionChecks between(String name, long value, long least, long most) {
        return require(value >= least && value <= most, name + " is " + least + " to " + most + ", not " + value);
    }

    /** Adds a problem unless the value is within its bounds, both inclusive. */
    public OptionChecks between(String name, Duration value, Duration least, Duration most) {
        return require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                name + " is " + least.toMillis() + " ms to " + most.toMillis() + " ms, not " + millis(value) + " ms");
    }

    /** Returns a duration in milliseconds; the largest or smallest {@code long} if it has no room for them. */
    public static long millis(Duration duration) {
        try {
            return duration.toMillis();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Throws an {@link InvalidOptionsException} if there was any problem. */
    public void done() {
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }
}
