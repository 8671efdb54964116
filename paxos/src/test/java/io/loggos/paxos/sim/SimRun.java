package io.loggos.paxos.sim;

import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import java.util.Map;
import java.util.SplittableRandom;

/** One run of the simulation, from a seed: a time of faults, then a time in which all must come to rest. */
public final class SimRun {
    /** What came of a run. */
    public record Outcome(long events, long operations, long answered, long slots, Map<String, Long> notes) {}

    private SimRun() {}

    /** Runs a seed; the events that something noted are counted in the outcome. */
    public static Outcome run(long seed) {
        return run(seed, System.getProperty("sim.trace") != null);
    }

    /** Runs a seed that is expected to fail, in a harsh setting, without a second run for the report. */
    static void runHarshly(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimSettings settings = seed % 3 == 0 ? SimSettings.draw(random) : SimSettings.harsh(random);
        SimCluster cluster = new SimCluster(settings, random.split(), false);
        turbulence(cluster, random.split());
        rest(cluster);
        History.judge(cluster.clients().history(), cluster.ghost().commands());
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
            turbulence(cluster, random.split());
            rest(cluster);
            History.judge(cluster.clients().history(), cluster.ghost().commands());
        } catch (RuntimeException e) {
            throw report(seed, settings, cluster, e, tracing);
        }
        return new Outcome(
                cluster.events(),
                cluster.clients().history().size(),
                cluster.clients().answered(),
                cluster.ghost().chosenPrefix(),
                cluster.notes());
    }

    private static void turbulence(SimCluster cluster, SplittableRandom random) {
        cluster.startAll();
        cluster.clients().start(cluster.settings().clients());
        // A cluster forms once all have met; faults before that are only waited for.
        cluster.runFor(3 * cluster.settings().electionNanos());
        SimFaults faults = new SimFaults(cluster, random);
        faults.start();
        cluster.runFor(cluster.settings().turbulentNanos());
        faults.stop();
    }

    /** MP21: healed, the cluster has one leader, all replicas have everything, and every call ends. */
    private static void rest(SimCluster cluster) {
        long election = cluster.settings().electionNanos();
        // Ballots of bids that the faults cut short may still depose a leader or two.
        cluster.runFor(6 * election);
        long toLead = cluster.runUntilTrue(6 * election, () -> agreeOnLeader(cluster));
        if (toLead < 0) {
            throw new Violation("MP21", "no leader that all follow after 12 election timeouts: " + standings(cluster));
        }
        cluster.clients().stop();
        long patience = cluster.settings().replica().requestTimeout().toNanos() + 30 * election;
        if (cluster.runUntilTrue(patience, () -> cluster.clients().open() == 0) < 0) {
            throw new Violation("MP21", cluster.clients().open() + " calls do not end");
        }
        // Who led when it lacked a checkpoint may have given way just now.
        if (cluster.runUntilTrue(40 * election, () -> allApplied(cluster) && agreeOnLeader(cluster)) < 0) {
            throw new Violation("MP21", "not all replicas have everything: " + standings(cluster));
        }
        long changes = cluster.leaderChanges();
        cluster.runFor(10 * election);
        if (cluster.leaderChanges() != changes) {
            throw new Violation("MP21", "the leader changed without cause");
        }
    }

    private static boolean agreeOnLeader(SimCluster cluster) {
        var leader = cluster.leader();
        return leader != null
                && cluster.nodes().stream().allMatch(node -> {
                    ReplicaStatus status = node.status();
                    return status != null
                            && leader.equals(status.leader())
                            && (status.role() == Role.LEADER) == node.id.equals(leader);
                });
    }

    private static boolean allApplied(SimCluster cluster) {
        long tip = cluster.ghost().chosenPrefix();
        return cluster.nodes().stream().allMatch(node -> {
            ReplicaStatus status = node.status();
            return status != null && status.appliedSlot().value() == tip;
        });
    }

    private static String standings(SimCluster cluster) {
        StringBuilder text = new StringBuilder("chosen " + cluster.ghost().chosenPrefix());
        cluster.nodes()
                .forEach(node -> text.append('\n').append(node.id).append(' ').append(node.status()));
        return text.toString();
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
        String text = "seed " + seed + ", event " + cluster.events() + ", " + settings + "\n"
                + String.join("\n", cluster.lastLines()) + "\n" + failure.getMessage() + "\nreplay: -Dsim.seed=" + seed
                + " -Dsim.trace=full";
        Violation report = new Violation(predicate, text);
        report.initCause(failure);
        return report;
    }
}
