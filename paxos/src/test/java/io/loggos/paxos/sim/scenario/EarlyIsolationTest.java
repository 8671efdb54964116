package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The first leader is cut off early, and no command was ever proposed. Nodes that have met all others serve linearizable
 * reads soon (RULES.md N-5 and L-5).
 */
class EarlyIsolationTest {
    private static final int SEEDS = Integer.getInteger("sim.seeds", 100);
    private static final int NODES = 3;
    /** Election timeouts within which the others serve reads. */
    private static final int MOST = 6;

    private int isolations;

    @Test
    void othersServeReadsSoon() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            isolateFirstLeader(seed);
        }
        assertTrue(isolations >= SEEDS / 2, () -> isolations + " isolations of " + SEEDS);
    }

    private void isolateFirstLeader(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimCluster cluster = new SimCluster(SimSettings.calm(NODES), random.split(), true);
        long electionNanos = cluster.settings().electionNanos();
        List<NodeId> order = new ArrayList<>(cluster.ids());
        Collections.rotate(order, random.nextInt(NODES));
        for (NodeId id : order) {
            cluster.runFor(random.nextLong(4 * electionNanos));
            cluster.node(id.value()).start();
        }
        assertTrue(cluster.runUntilTrue(10 * electionNanos, () -> cluster.leader() != null) >= 0);
        cluster.runFor(random.nextBoolean() ? 0 : random.nextLong(3 * electionNanos));
        NodeId leader = cluster.leader();
        if (leader == null || !haveMetAll(cluster, leader)) {
            return;
        }
        isolations++;
        List<SimNode> others =
                cluster.nodes().stream().filter(node -> !node.id.equals(leader)).toList();
        others.forEach(other -> cluster.network.cutBoth(leader, other.id));
        for (SimNode other : others) {
            Reads reads = new Reads(other);
            assertTrue(
                    cluster.runUntilTrue(MOST * electionNanos, reads::hasSucceeded) >= 0,
                    () -> "seed " + seed + ": no read at " + other.id + "\n"
                            + String.join("\n", cluster.journal.lastLines()));
        }
    }

    /** True if all nodes but the leader may vote (MP15). Otherwise they cannot elect another one. */
    private static boolean haveMetAll(SimCluster cluster, NodeId leader) {
        return cluster.nodes().stream()
                .allMatch(node ->
                        node.id.equals(leader) || node.disk().rememberedBy().size() == NODES - 1);
    }

    /** One read after the other, until one succeeds. */
    private static final class Reads {
        private final Replica replica;
        private @Nullable CompletableFuture<?> read;

        Reads(SimNode node) {
            Replica open = node.replica();
            if (open == null) {
                throw new AssertionError(node.id + " is down");
            }
            replica = open;
        }

        boolean hasSucceeded() {
            CompletableFuture<?> last = read;
            if (last != null && last.isDone() && !last.isCompletedExceptionally()) {
                return true;
            }
            if (last == null || last.isDone()) {
                read = replica.read(Consistency.LINEARIZABLE, () -> true);
            }
            return false;
        }
    }
}
