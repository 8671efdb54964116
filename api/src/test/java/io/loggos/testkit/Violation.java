package io.loggos.testkit;

import java.util.function.Supplier;

/** Failure of a run: a predicate that does not hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String predicate;

    public Violation(String predicate, String what) {
        super(predicate + ": " + what);
        this.predicate = predicate;
    }

    /** Returns the short name of the predicate, as the tables of the READMEs have it. */
    public String predicate() {
        return predicate;
    }

    /**
     * Checks a predicate.
     *
     * @throws Violation if it does not hold
     */
    public static void unless(boolean holds, String predicate, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(predicate, otherwise.get());
        }
    }
}
