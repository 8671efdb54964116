package io.loggos.snapshot.sim;

import io.loggos.api.snapshot.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** One run of the simulation, from a seed: a time of faults, then a time in which all must come to rest. */
final class SimRun {
    private static final long SECOND = 1_000_000_000L;
    /** Connections are dialled anew within 4 s, and a silent one is noticed within 4 election timeouts. */
    private static final long REST_NANOS = 30 * SECOND;

    /** What came of a run. */
    record Outcome(long turns, long nanos, Map<String, Long> notes) {}

    private SimRun() {}

    static Outcome run(long seed) {
        return run(seed, System.getProperty("sim.trace") != null);
    }

    /** Runs a seed that is expected to fail, without a second run for the report. */
    static void runUnreported(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimSettings settings = SimSettings.draw(random);
        go(new SimCluster(settings, random.split(), false), random);
    }

    /**
     * Runs a seed.
     *
     * @throws Violation if a predicate does not hold
     */
    static Outcome run(long seed, boolean tracing) {
        SplittableRandom random = new SplittableRandom(seed);
        SimSettings settings = SimSettings.draw(random);
        SimCluster cluster = new SimCluster(settings, random.split(), tracing);
        try {
            go(cluster, random);
            return new Outcome(cluster.turns(), cluster.time.nanos(), cluster.notes());
        } catch (RuntimeException e) {
            throw report(seed, settings, cluster, e, tracing);
        }
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
        return cluster.ghost.outcomes.open(
                cluster.lives().stream().map(life -> life.book).toList());
    }

    private static void await(SimCluster cluster, String otherwise, BooleanSupplier holds) {
        Violation.unless(
                cluster.runUntilTrue(REST_NANOS, holds), "liveness", () -> otherwise + "; open: " + open(cluster));
    }

    private static RuntimeException report(
            long seed, SimSettings settings, SimCluster cluster, RuntimeException failure, boolean tracing) {
        if (!tracing) {
            // Once more with a trace: the run is a function of its seed.
            try {
                run(seed, true);
            } catch (RuntimeException again) {
                return again;
            }
        }
        String predicate = failure instanceof Violation violation ? violation.predicate() : "exception";
        List<String> lines = cluster.lastLines();
        String text = "seed " + seed + ", turn " + cluster.turns() + ", " + settings + "\n" + String.join("\n", lines)
                + "\n" + failure.getMessage() + "\nreplay: -Dsim.seed=" + seed + " -Dsim.trace=full";
        Violation report = new Violation(predicate, text);
        report.initCause(failure);
        return report;
    }
}
