package io.loggos.api;

import java.util.ArrayList;
import java.util.List;

/** Invalid options. The exception lists all problems at once. */
public final class InvalidOptionsException extends LoggosException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    public InvalidOptionsException(List<String> problems) {
        super("invalid options: " + String.join("; ", problems));
        this.problems = new ArrayList<>(problems);
    }

    /** The problems, one sentence each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
