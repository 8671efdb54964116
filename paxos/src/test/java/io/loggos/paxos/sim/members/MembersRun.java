package io.loggos.paxos.sim.members;

import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.testkit.sim.Seeds;
import java.util.SplittableRandom;

/** The course of {@link SimRun}, with an operator who changes the members all the time. */
public final class MembersRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> settings(random), SimCluster::new, MembersRun::go);

    private MembersRun() {}

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    /** Disks rot and are replaced by older copies in other runs: there must be a sound copy of everything. */
    private static SimSettings settings(SplittableRandom random) {
        SimSettings drawn = SimSettings.draw(random);
        drawn.faults().removeAll(SimSettings.OF_ONE_DISK);
        return drawn;
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        cluster.expectNewcomers(SimChanges.MOST_NEWCOMERS);
        SimRun.go(cluster, random, new SimChanges(cluster, random.split()));
    }
}
