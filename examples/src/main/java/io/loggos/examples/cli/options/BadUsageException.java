package io.loggos.examples.cli.options;

import java.util.ArrayList;
import java.util.List;

/** The command line or a configuration file is wrong. The exception lists all problems. */
public final class BadUsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    public BadUsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = new ArrayList<>(problems);
    }

    public BadUsageException(String problem) {
        this(List.of(problem));
    }

    /** Returns the problems, one line each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
