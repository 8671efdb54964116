package io.loggos.multicast.group.sim;

import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** One run of the simulation, from a seed: a time of faults, then a time in which all must come to rest. */
final class SimRun {
    /** How long after the last fault everybody is in one view, in election timeouts; and redialling takes up to 4 s. */
    private static final int REST_TIMEOUTS = 30;

    private static final int REST_TIMES = 5;

    private static final long REDIAL_NANOS = 4_000_000_000L;

    /** What came of a run. */
    record Outcome(long turns, long sent, long delivered, long views, long restNanos, Map<String, Long> notes) {}

    private SimRun() {}

    static Outcome run(long seed) {
        return run(seed, System.getProperty("sim.trace") != null);
    }

    /** Runs a seed that is expected to fail, in a harsh setting, without a second run for the report. */
    static void runHarshly(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimSettings settings = seed % 3 == 0 ? SimSettings.draw(random) : SimSettings.harsh(random);
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
            long rest = go(cluster, random);
            return outcome(cluster, rest);
        } catch (RuntimeException e) {
            throw report(seed, settings, cluster, e, tracing);
        }
    }

    private static Outcome outcome(SimCluster cluster, long rest) {
        long sent = 0;
        long delivered = 0;
        long views = 0;
        for (Ghost ghost : cluster.ghosts.values()) {
            sent += ghost.sent();
            delivered += ghost.delivered();
            views += ghost.views();
        }
        return new Outcome(cluster.turns(), sent, delivered, views, rest, cluster.notes());
    }

    private static long go(SimCluster cluster, SplittableRandom random) {
        SimSenders senders = new SimSenders(cluster, random.split());
        SimFaults faults = new SimFaults(cluster, random.split());
        faults.start();
        senders.start();
        cluster.runFor(cluster.settings.turbulentNanos());
        faults.stop();
        return rest(cluster, senders);
    }

    /** VS16: healed, all are in one primary view, what waits is sent, and everybody gets what is sent there. */
    private static long rest(SimCluster cluster, SimSenders senders) {
        long election = cluster.settings.electionNanos();
        long stuck = 2 * cluster.settings.options().slowMemberTimeout().toNanos();
        long most = REST_TIMEOUTS * election + REDIAL_NANOS + stuck;
        long begin = cluster.time.nanos();
        cluster.runUntilTrue(most, () -> isOneView(cluster));
        senders.stop();
        await(cluster, most, "not in one view", () -> isOneView(cluster));
        long took = cluster.time.nanos() - begin;
        senders.sendAll();
        await(cluster, most, "not all was delivered to all", () -> isOneView(cluster) && isQuiet(cluster));
        return took;
    }

    /** Waits as long as applications are given something: a slow one may have much before it. */
    private static void await(SimCluster cluster, long most, String otherwise, BooleanSupplier holds) {
        long delivered = -1;
        for (int times = 1; cluster.runUntilTrue(most, holds) < 0; times++) {
            long now =
                    cluster.ghosts.values().stream().mapToLong(Ghost::delivered).sum();
            if (now == delivered || times == REST_TIMES) {
                throw new Violation("VS16", otherwise + ": " + standings(cluster));
            }
            delivered = now;
        }
    }

    /** Whether all nodes are in one primary view, and their applications know. */
    static boolean isOneView(SimCluster cluster) {
        for (var group : cluster.ghosts.keySet()) {
            ViewId id = null;
            for (SimNode node : cluster.nodes.values()) {
                SimMember member = node.members.get(group);
                GroupView view = member == null ? null : member.process.view();
                if (member == null
                        || view == null
                        || !view.primary()
                        || view.size() != cluster.nodes.size()
                        || (id != null && !id.equals(view.id()))
                        || !view.id().equals(cluster.ghost(group).viewOf(member.life))) {
                    return false;
                }
                id = view.id();
            }
        }
        return true;
    }

    private static boolean isQuiet(SimCluster cluster) {
        for (SimMember member : cluster.members()) {
            GroupView view = member.process.view();
            if (view == null
                    || member.waiting() > 0
                    || !member.application.isIdle()
                    || !cluster.ghost(member.group).hasAll(member.life, view.id())) {
                return false;
            }
        }
        return true;
    }

    private static String standings(SimCluster cluster) {
        StringBuilder text = new StringBuilder();
        for (SimMember member : cluster.members()) {
            text.append('\n')
                    .append(member.group)
                    .append(' ')
                    .append(member.life)
                    .append(": ")
                    .append(member.process.view())
                    .append(", told ")
                    .append(cluster.ghost(member.group).viewOf(member.life))
                    .append(", to be sent ")
                    .append(member.waiting())
                    .append(member.application.isIdle() ? "" : ", its application has something to do");
        }
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
        List<String> lines = cluster.lastLines();
        String text = "seed " + seed + ", turn " + cluster.turns() + ", " + settings + "\n" + String.join("\n", lines)
                + "\n" + failure.getMessage() + "\nreplay: -Dsim.seed=" + seed + " -Dsim.trace=full";
        Violation report = new Violation(predicate, text);
        report.initCause(failure);
        return report;
    }
}
