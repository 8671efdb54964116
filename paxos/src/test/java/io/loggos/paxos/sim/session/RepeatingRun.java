package io.loggos.paxos.sim.session;

import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.testkit.sim.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;

/** The course of {@link SimRun}, with clients that repeat their commands over everything. */
public final class RepeatingRun {
    private static final Duration LONG = Duration.ofHours(1);

    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>(RepeatingRun::draw, SimCluster::new, RepeatingRun::go);

    private RepeatingRun() {}

    /** In every second run the log forgets answers soon. */
    private static SimSettings draw(long seed, SplittableRandom random) {
        SimSettings drawn = seed % 3 == 0 ? SimSettings.draw(random) : SimSettings.harsh(random);
        Duration retention =
                random.nextBoolean() ? LONG : drawn.timing().electionTimeout().multipliedBy(2);
        return drawn.with(drawn.replica().toBuilder().answerRetention(retention).build());
    }

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        boolean forgets = !cluster.settings().replica().answerRetention().equals(LONG);
        SimRun.go(cluster, random, new RepeatingClients(cluster, random.split(), forgets));
    }
}
