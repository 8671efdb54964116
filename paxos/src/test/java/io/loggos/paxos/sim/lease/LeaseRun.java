package io.loggos.paxos.sim.lease;

import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.paxos.sim.transfer.SimOperator;
import io.loggos.testkit.sim.Seeds;
import java.util.SplittableRandom;

/** The course of {@link SimRun} with leases, reads that want them, and an operator who transfers the leadership. */
public final class LeaseRun {
    static final Seeds<SimSettings, SimCluster> SEEDS = new Seeds<>(
            (seed, random) -> (seed % 3 == 0 ? SimSettings.harsh(random) : SimSettings.draw(random)).withLeases(),
            SimCluster::new,
            LeaseRun::go);

    private LeaseRun() {}

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        SimRun.go(cluster, random, new SimOperator(cluster, random.split()));
    }
}
