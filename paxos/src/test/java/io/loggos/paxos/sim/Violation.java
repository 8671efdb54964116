package io.loggos.paxos.sim;

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
}
