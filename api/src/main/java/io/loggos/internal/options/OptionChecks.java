package io.loggos.internal.options;

import io.loggos.api.InvalidOptionsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of a set of options, to report all of them at once. */
public final class OptionChecks {
    private final List<String> problems = new ArrayList<>();

    public OptionChecks require(boolean holds, String otherwise) {
        if (!holds) {
            problems.add(otherwise);
        }
        return this;
    }

    public OptionChecks between(String name, long value, long least, long most) {
        return require(value >= least && value <= most, name + " is " + least + " to " + most + ", not " + value);
    }

    public OptionChecks between(String name, Duration value, Duration least, Duration most) {
        return require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                name + " is " + least.toMillis() + " ms to " + most.toMillis() + " ms, not " + value.toMillis()
                        + " ms");
    }

    /** Throws an {@link InvalidOptionsException} if there was any problem. */
    public void done() {
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
    }
}
