package io.loggos.snapshot.sim;

/** Runs seeds inside the class loader of a mutant. */
public final class MutantProbe {
    private MutantProbe() {}

    /** The first violation among some seeds, by its predicate and seed; empty if there is none. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                SimRun.runUnreported(seed);
            } catch (Violation violation) {
                return violation.predicate() + " at seed " + seed;
            } catch (RuntimeException e) {
                return e + " at seed " + seed;
            }
        }
        return "";
    }
}
