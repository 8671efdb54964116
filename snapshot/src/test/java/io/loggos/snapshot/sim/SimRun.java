package io.loggos.snapshot.sim;

import io.loggos.api.snapshot.SnapshotId;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Course of a run: a time of faults, then a time in which all must come to rest. */
public final class SimRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> SimSettings.draw(random), SimCluster::new, SimRun::go);

    private static final long SECOND = 1_000_000_000L;
    /** Connections are dialled anew within 4 s, and a silent one is noticed within 4 election timeouts. */
    private static final long REST_NANOS = 30 * SECOND;

    private SimRun() {}

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        SimTraffic traffic = new SimTraffic(cluster, random.split());
        SimFaults faults = new SimFaults(cluster, random.split());
        cluster.nodes.values().forEach(SimNode::start);
        if (cluster.settings.isCalm()) {
            await(cluster, "the beginning is not calm", cluster::isSettled);
        }
        traffic.start();
        faults.start();
        cluster.runFor(cluster.settings.turbulentNanos());
        faults.stop();
        traffic.stopSnapshots();
        await(cluster, "snapshots never end", () -> open(cluster).isEmpty());
        traffic.stop();
        await(cluster, "the nodes do not come together", cluster::isSettled);
        boolean done =
                cluster.lives().stream().allMatch(life -> life.bank.state().work() == 0);
        traffic.goOn();
        List<SnapshotId> last = snapshotOfEach(cluster);
        await(cluster, "snapshots in calm do not end", () -> open(cluster).isEmpty());
        for (SnapshotId id : last) {
            Violation.unless(
                    cluster.ghost.outcomes.isComplete(id), "liveness", () -> id + " was given up in a settled system");
            Violation.unless(
                    !done || cluster.ghost.termination.isDoneBy(id),
                    "CL7",
                    () -> id + " does not say that all is done");
        }
    }

    /** Every node takes a snapshot, all at once. */
    private static List<SnapshotId> snapshotOfEach(SimCluster cluster) {
        List<SnapshotId> begun = new ArrayList<>();
        for (SimLife life : cluster.lives()) {
            life.turn(() -> life.startSnapshot(SimTraffic.PATIENCE_NANOS).ifPresent(begun::add));
        }
        Violation.unless(
                begun.size() == cluster.settings.nodes(), "liveness", () -> "a node cannot begin a snapshot: " + begun);
        return begun;
    }

    private static List<SnapshotId> open(SimCluster cluster) {
        return cluster.ghost.outcomes.open(cluster.books());
    }

    private static void await(SimCluster cluster, String otherwise, BooleanSupplier holds) {
        Violation.unless(
                cluster.comesTrue(REST_NANOS, holds), "liveness", () -> otherwise + "; open: " + open(cluster));
    }
}
