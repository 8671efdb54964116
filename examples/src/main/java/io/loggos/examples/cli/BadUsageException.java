package io.loggos.examples.cli;

import java.util.ArrayList;
import java.util.List;

/** What was asked for on the command line or in a configuration file cannot be; all problems at once. */
final class BadUsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    BadUsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = new ArrayList<>(problems);
    }

    BadUsageException(String problem) {
        this(List.of(problem));
    }

    /** One line each. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
