package io.loggos.examples.cli;

import java.util.ArrayList;
import java.util.List;

/** The command line or a configuration file is wrong. The exception lists all problems. */
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

    /** Returns the problems, one line each. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
