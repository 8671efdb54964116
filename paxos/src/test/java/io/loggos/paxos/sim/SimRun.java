package io.loggos.paxos.sim;

import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.paxos.sim.predicate.History;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Seeds;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Course of a run: a time of faults, then a time in which all must come to rest. */
public final class SimRun {
    static final Seeds<SimSettings, SimCluster> SEEDS =
            new Seeds<>((seed, random) -> SimSettings.draw(random), SimCluster::new, SimRun::go);

    /** The same course where things go wrong more often, to catch mutants with few seeds. */
    static final Seeds<SimSettings, SimCluster> HARSH_SEEDS = new Seeds<>(
            (seed, random) -> seed % 3 == 0 ? SimSettings.draw(random) : SimSettings.harsh(random),
            SimCluster::new,
            SimRun::go);

    /** The time after which a request outside of the links that was lost is given up, and a little. */
    private static final long LOST_REQUEST_NANOS = 6_000_000_000L;

    private SimRun() {}

    /** Runs seeds inside the class loader of a mutant; see {@link Seeds#firstViolation}. */
    public static String firstViolation(long firstSeed, int seeds) {
        return HARSH_SEEDS.firstViolation(firstSeed, seeds);
    }

    /** Something that goes on beside clients and faults. */
    public interface Activity {
        void start();

        void stop();

        /** Checks what must hold once all has come to rest. */
        void atRest();
    }

    private static final Activity NOTHING = new Activity() {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public void atRest() {}
    };

    private static void go(SimCluster cluster, SplittableRandom random) {
        go(cluster, random, NOTHING);
    }

    /** The course of a run, with something else that goes on in the time of faults. */
    public static void go(SimCluster cluster, SplittableRandom random, Activity beside) {
        try {
            turbulence(cluster, random.split(), beside);
            rest(cluster);
            beside.atRest();
        } catch (FenceWatch.UnseenLoss unseen) {
            return;
        }
        for (SimLog log : cluster.logs()) {
            History.judge(cluster.clients().history(log), log.ghost().commands());
            cluster.journal.count("slots", log.ghost().chosenPrefix());
        }
        cluster.journal.count("operations", cluster.clients().operations());
        cluster.journal.count("answers", cluster.clients().answered());
        cluster.journal.count(
                "replicas that agree",
                cluster.nodes().stream()
                        .flatMap(node -> node.replicas().stream())
                        .filter(SimRun::hasAgreed)
                        .count());
    }

    private static void turbulence(SimCluster cluster, SplittableRandom random, Activity beside) {
        SimFaults faults = new SimFaults(cluster, random);
        if (random.nextInt(3) == 0) {
            faults.meetLate();
        }
        cluster.startAll();
        cluster.clients().start(cluster.settings().clients());
        // A cluster forms once all have met. Faults before that keep some of them from voting.
        if (random.nextInt(4) != 0) {
            cluster.runFor(3 * cluster.settings().electionNanos());
        }
        faults.start();
        beside.start();
        cluster.runFor(cluster.settings().turbulentNanos());
        faults.stop();
        beside.stop();
    }

    /** MP21: healed, the cluster has one leader, all replicas have everything, and every call ends. */
    private static void rest(SimCluster cluster) {
        long election = cluster.settings().electionNanos();
        // Ballots of bids that the faults cut short may still depose a leader or two.
        cluster.runFor(6 * election);
        // A newcomer follows nobody before it has a checkpoint, and the faults may have eaten its question.
        long joining = cluster.mostNodes() > cluster.founders().size() ? LOST_REQUEST_NANOS : 0;
        long toLead = cluster.runUntilTrue(6 * election + joining, () -> agreeOnLeader(cluster));
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
        cluster.fences().checkAtRest();
        long changes = cluster.allLeaderChanges();
        cluster.runFor(10 * election);
        if (cluster.allLeaderChanges() != changes) {
            throw new Violation("MP21", "the leader changed without cause");
        }
    }

    private static boolean agreeOnLeader(SimCluster cluster) {
        return cluster.logs().stream().allMatch(log -> {
            NodeId leader = cluster.leader(log);
            return leader != null
                    && members(cluster).allMatch(node -> {
                        ReplicaStatus status = node.replica(log).status();
                        return status != null
                                && leader.equals(status.leader())
                                && (status.role() == Role.LEADER) == node.id.equals(leader);
                    });
        });
    }

    /** The nodes that take part: a fenced one does not. */
    private static Stream<SimNode> members(SimCluster cluster) {
        return cluster.members().stream().filter(node -> !FenceWatch.isFenced(node));
    }

    private static boolean allApplied(SimCluster cluster) {
        return members(cluster).flatMap(node -> node.replicas().stream()).allMatch(replica -> {
            ReplicaStatus status = replica.status();
            return status != null
                    && status.appliedSlot().value() == replica.log().ghost().chosenPrefix();
        });
    }

    private static boolean hasAgreed(SimReplica replica) {
        ReplicaStatus status = replica.status();
        return status != null && status.agreedSlot().value() > 0;
    }

    private static String standings(SimCluster cluster) {
        StringBuilder text = new StringBuilder();
        for (SimLog log : cluster.logs()) {
            text.append("\nchosen in ")
                    .append(log)
                    .append(": ")
                    .append(log.ghost().chosenPrefix());
            cluster.nodes()
                    .forEach(node -> text.append('\n')
                            .append(node.id)
                            .append(' ')
                            .append(node.replica(log).status()));
        }
        return text.toString();
    }
}
