package io.loggos.snapshot.sim;

import java.util.EnumSet;
import java.util.SplittableRandom;

/**
 * Settings of one run, drawn from its seed. Each kind of fault is on in half of the runs; the load varies.
 *
 * @param faultEveryNanos mean time between faults
 * @param turbulentNanos how long faults go on before the phase that checks that all comes to rest
 * @param actEveryNanos mean time between what the application of a node does of its own accord
 * @param snapshotEveryNanos mean time between snapshots of all nodes together
 * @param effectNanos how long a disk takes at most
 * @param deliveryNanos how long the group takes at most from one event to the next at a member
 * @param work how much there is to do in the computation whose end is detected
 */
record SimSettings(
        int nodes,
        EnumSet<Fault> faults,
        long faultEveryNanos,
        long turbulentNanos,
        long mostDelayNanos,
        long actEveryNanos,
        long snapshotEveryNanos,
        long effectNanos,
        long deliveryNanos,
        int work) {
    /** Kinds of faults. */
    enum Fault {
        KILL,
        POWER_LOSS,
        BREAK_CONNECTION,
        PARTITION,
        ONE_WAY_CUT,
        PAUSE,
        LONG_DELAYS,
        FLOOD,
        VIEW_CHANGE,
        EXCLUDE,
        FAILED_EFFECT,
        REFUSED_STATE,
        LOST_STATE,
        SHORT_DEADLINE
    }

    private static final long MILLI = 1_000_000L;

    /** The settings of a seed. One in ten is calm, one in five is harsh. */
    static SimSettings draw(SplittableRandom random) {
        int weather = random.nextInt(10);
        EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (weather > 0 && (weather < 3 || random.nextBoolean())) {
                faults.add(fault);
            }
        }
        int[] sizes = {1, 2, 2, 3, 3, 3, 4, 5, 6};
        return new SimSettings(
                sizes[random.nextInt(sizes.length)],
                faults,
                random.nextLong(40, 400) * MILLI,
                random.nextLong(600, 2_000) * MILLI,
                random.nextLong(1, 25) * MILLI,
                random.nextLong(4, 40) * MILLI,
                random.nextLong(30, 250) * MILLI,
                random.nextLong(1, 40) * MILLI,
                random.nextLong(1, 30) * MILLI,
                random.nextInt(200));
    }

    boolean isCalm() {
        return faults.isEmpty();
    }

    boolean has(Fault fault) {
        return faults.contains(fault);
    }
}
