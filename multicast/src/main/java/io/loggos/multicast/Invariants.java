package io.loggos.multicast;

/** Check of the invariants that are written at the fields of the protocol classes. */
public final class Invariants {
    private Invariants() {}

    /**
     * Checks one invariant.
     *
     * @param otherwise message of the error
     * @throws InvariantException if it does not hold
     */
    public static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new InvariantException(otherwise);
        }
    }
}
