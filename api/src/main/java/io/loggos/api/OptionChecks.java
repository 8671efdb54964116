package io.loggos.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a set of options, to report all of them at once. */
final class OptionChecks {
    private final List<String> problems = new ArrayList<>();

    OptionChecks require(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
        return this;
    }

    OptionChecks between(String name, long value, long least, long most) {
        return require(value >= least && value <= most, name + " is " + least + " to " + most + ", not " + value);
    }

    OptionChecks between(String name, Duration value, Duration least, Duration most) {
        return require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                name + " is " + least.toMillis() + " ms to " + most.toMillis() + " ms, not " + value.toMillis()
                        + " ms");
    }

    /** Throws an {@link InvalidOptionsException} if there was any problem. */
    void done() {
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }
}
