package io.loggos.snapshot.sim;

import java.util.function.Supplier;

/** A predicate that does not hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String predicate;

    public Violation(String predicate, String what) {
        super(predicate + ": " + what);
        this.predicate = predicate;
    }

    public String predicate() {
        return predicate;
    }

    static void unless(boolean holds, String predicate, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(predicate, otherwise.get());
        }
    }
}
