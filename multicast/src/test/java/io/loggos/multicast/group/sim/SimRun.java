package io.loggos.multicast.group.sim;

import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Seeds;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Course of a run: a time of faults, then a time in which all must come to rest. */
public final class SimRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> SimSettings.draw(random), SimCluster::new, SimRun::go);

    /** The same course where things go wrong more often, to catch mutants with few seeds. */
    private static final Seeds<SimSettings, SimCluster> HARSH_SEEDS = new Seeds<>(
            (seed, random) -> seed % 3 == 0 ? SimSettings.draw(random) : SimSettings.harsh(random),
            SimCluster::new,
            SimRun::go);

    private static final long[] CATCHERS = {0, 6, 23, 32, 53, 65, 119, 217, 619, 761};

    /** Longest time from the last fault until everybody is in one view, in election timeouts; redialling comes on top. */
    private static final int REST_TIMEOUTS = 30;

    private static final int REST_TIMES = 5;

    /** Time from the last fault by which the failure detectors have noticed it. Until then it is a reason for a view. */
    private static final int NOTICED_TIMEOUTS = 3;

    /** Time without a fault in which no view may change. */
    private static final int QUIET_TIMEOUTS = 10;

    /** Bound on the views of a group: so many for each election timeout, and for each fault. */
    private static final int VIEWS_A_TIMEOUT = 2;

    private static final int VIEWS_A_FAULT = 8;

    private static final long REDIAL_NANOS = 4_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private SimRun() {}

    /**
     * Runs seeds inside the class loader of a mutant, those that have caught rare bugs first.
     *
     * @see Seeds#firstViolation
     */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed : CATCHERS) {
            String caught = HARSH_SEEDS.firstViolation(seed, 1);
            if (!caught.isEmpty()) {
                return caught;
            }
        }
        return HARSH_SEEDS.firstViolation(firstSeed, seeds);
    }

    private static void go(SimCluster cluster, SplittableRandom random) {
        SimSenders senders = new SimSenders(cluster, random.split());
        SimFaults faults = new SimFaults(cluster, random.split());
        faults.start();
        senders.start();
        cluster.runFor(cluster.settings.turbulentNanos());
        faults.stop();
        rest(cluster, senders);
        for (Ghost ghost : cluster.ghosts.values()) {
            cluster.journal.count("sent", ghost.sent());
            cluster.journal.count("delivered", ghost.delivered());
            cluster.journal.count("views", ghost.views());
        }
    }

    /** VS16: healed, all are in one primary view, what waits is sent, and everybody gets what is sent there. */
    private static void rest(SimCluster cluster, SimSenders senders) {
        long election = cluster.settings.electionNanos();
        long stuck = 4 * cluster.settings.options().slowMemberTimeout().toNanos();
        long founding = cluster.settings.options().foundingTimeout().toNanos();
        long most = REST_TIMEOUTS * election + REDIAL_NANOS + stuck + founding;
        long begin = cluster.time.nanos();
        cluster.runUntilTrue(most, () -> isOneView(cluster));
        senders.stop();
        await(cluster, most, "not in one view", () -> isOneView(cluster));
        long seconds = 1 + (cluster.time.nanos() - begin) / SECOND;
        cluster.note("in one view within " + seconds + " s of the last fault");
        senders.sendAll();
        await(cluster, most, "not all was delivered to all", () -> isOneView(cluster) && isQuiet(cluster));
        cluster.runFor(Math.max(0, begin + NOTICED_TIMEOUTS * election - cluster.time.nanos()));
        await(cluster, most, "a fault that was noticed late has no end", () -> isOneView(cluster) && isQuiet(cluster));
        keepsItsView(cluster);
    }

    /** VS17: a view does not change without a reason, and views do not change without end while there are some. */
    private static void keepsItsView(SimCluster cluster) {
        long before = views(cluster);
        cluster.runFor(QUIET_TIMEOUTS * cluster.settings.electionNanos());
        Violation.unless(
                views(cluster) == before, "VS17", () -> "a view has changed without a reason: " + standings(cluster));
        long timeouts = cluster.time.nanos() / cluster.settings.electionNanos();
        for (Ghost ghost : cluster.ghosts.values()) {
            long most = VIEWS_A_TIMEOUT * timeouts + VIEWS_A_FAULT * (cluster.nodes.size() + cluster.disturbances());
            Violation.unless(
                    ghost.views() <= most,
                    "VS17",
                    () -> ghost.views() + " views in " + timeouts + " election timeouts with " + cluster.disturbances()
                            + " faults");
        }
    }

    private static long views(SimCluster cluster) {
        return cluster.ghosts.values().stream().mapToLong(Ghost::views).sum();
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

    /** True if all nodes that have not left for good are in one primary view, and their applications know. */
    static boolean isOneView(SimCluster cluster) {
        for (var group : cluster.ghosts.keySet()) {
            ViewId id = null;
            long users = cluster.nodes.values().stream()
                    .filter(node -> !node.done.contains(group))
                    .count();
            for (SimNode node : cluster.nodes.values()) {
                if (node.done.contains(group)) {
                    continue;
                }
                SimMember member = node.members.get(group);
                GroupView view = member == null ? null : member.process.view();
                if (member == null
                        || view == null
                        || !view.primary()
                        || view.size() != users
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
                    || !member.hasAllReceipts()
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
                    .append(member.hasAllReceipts() ? "" : ", receipts are open")
                    .append(member.application.isIdle() ? "" : ", its application has something to do");
        }
        return text.toString();
    }
}
