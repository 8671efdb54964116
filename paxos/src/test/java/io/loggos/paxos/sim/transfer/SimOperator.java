package io.loggos.paxos.sim.transfer;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.predicate.TestMachine;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An operator who hands the leadership over again and again, mostly from the leader and to a node of the cluster. */
public final class SimOperator implements SimRun.Activity {
    /** Above all values that clients write. */
    private static final long FIRST_VALUE = 1L << 40;

    private static final NodeId STRANGER = NodeId.of(99);

    private record Call(SimNode node, int life, CompletableFuture<Void> end) {
        /** True if its answer may still come: its node was not killed. */
        boolean isOpen() {
            return !end.isDone() && node.life() == life && node.isUp();
        }
    }

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final List<Call> calls = new ArrayList<>();
    private boolean stopped;

    public SimOperator(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    @Override
    public void start() {
        cluster.time.after(random.nextLong(1, 4 * cluster.settings().electionNanos()), this::next);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void atRest() {
        long open = calls.stream().filter(Call::isOpen).count();
        if (open > 0) {
            throw new Violation("MP30", open + " transfers do not end");
        }
        writesSucceed();
    }

    /** MP30: whatever came of the transfers, a node that takes part gets its command chosen. */
    private void writesSucceed() {
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (SimNode node : cluster.nodes()) {
            Replica replica = node.replica();
            ReplicaStatus status = node.status();
            if (replica != null && status != null && status.leader() != null && status.halted() == null) {
                long value = FIRST_VALUE + node.id.value();
                cluster.ghost().proposed(value);
                Bytes command = TestMachine.set(1, value, 0);
                writes.add(replica.propose(command));
            }
        }
        boolean end = cluster.runUntilTrue(
                        10 * cluster.settings().electionNanos(),
                        () -> writes.stream().allMatch(CompletableFuture::isDone))
                >= 0;
        if (!end || writes.stream().anyMatch(CompletableFuture::isCompletedExceptionally)) {
            throw new Violation("MP30", "a command at rest is not chosen");
        }
    }

    private void next() {
        if (!stopped) {
            List<SimNode> serving =
                    cluster.nodes().stream().filter(SimNode::isServing).toList();
            NodeId leader = cluster.leader();
            SimNode node = leader != null && random.nextInt(4) > 0
                    ? cluster.node(leader.value())
                    : serving.isEmpty() ? null : serving.get(random.nextInt(serving.size()));
            if (node != null) {
                transfer(node, target());
            }
            start();
        }
    }

    private NodeId target() {
        List<NodeId> ids = cluster.ids();
        return random.nextInt(20) == 0 ? STRANGER : ids.get(random.nextInt(ids.size()));
    }

    private void transfer(SimNode node, NodeId target) {
        Replica replica = node.replica();
        ReplicaStatus status = node.status();
        if (replica == null || status == null) {
            return;
        }
        Ballot before = status.ballot();
        int life = node.life();
        cluster.trace(node.id, () -> "shall hand over to " + target);
        CompletableFuture<Void> end = replica.transferLeadership(target);
        calls.add(new Call(node, life, end));
        CompletableFuture<?> unused = end.whenComplete((none, failure) -> {
            if (failure instanceof LeadershipTransferException refused) {
                cluster.note("transfer: " + refused.reason());
            } else if (failure == null && !target.equals(node.id)) {
                cluster.note("transfer: done");
                checkGaveWay(node, life, target, before);
            }
        });
    }

    /** MP30: a leader that has handed over has promised the ballot of the new leader. */
    private void checkGaveWay(SimNode node, int life, NodeId target, Ballot before) {
        @Nullable ReplicaStatus now = node.life() == life ? node.status() : null;
        if (now != null && !now.ballot().isAbove(before)) {
            throw cluster.ghost().violate("MP30", node.id + " says that " + target + " leads, and follows nobody");
        }
    }
}
