package io.loggos.paxos.sim.transfer;

import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.testkit.sim.Seeds;
import java.util.SplittableRandom;

/** The course of {@link SimRun}, with an operator who transfers the leadership all the time. */
public final class TransferRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> SimSettings.draw(random), SimCluster::new, TransferRun::go);

    private TransferRun() {}

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        SimRun.go(cluster, random, new SimOperator(cluster, random.split()));
    }
}
