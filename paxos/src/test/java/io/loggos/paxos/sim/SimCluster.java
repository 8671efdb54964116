package io.loggos.paxos.sim;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.node.Node;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.paxos.core.session.LogTime;
import io.loggos.paxos.sim.predicate.Ghost;
import io.loggos.testkit.Violation;
import io.loggos.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Cluster of simulated nodes on one thread, with the checkers that watch it. */
public final class SimCluster extends Simulation {
    private static final long LEAST_DELAY_NANOS = 100_000;
    private static final long STEP_NANOS = 1_000_000;

    private final SimSettings settings;
    private final Ghost ghost;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<NodeId> ids = new ArrayList<>();
    private final SimClients clients;
    private final Map<Ballot, Long> preparedFrom = new TreeMap<>();
    private long leaderChanges;
    private long firstLogTimeMillis;
    private @Nullable NodeId lastLeader;
    private BiConsumer<SimNode, Node> onStart = (node, started) -> {};

    public SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        super(random.split(), LEAST_DELAY_NANOS, settings.mostDelayNanos(), tracing);
        this.settings = settings;
        ghost = new Ghost(settings.nodes());
        for (int i = 1; i <= settings.nodes(); i++) {
            ids.add(NodeId.of(i));
        }
        ids.forEach(id -> nodes.add(new SimNode(this, id, random.split())));
        clients = new SimClients(this, random.split());
    }

    public SimSettings settings() {
        return settings;
    }

    public Ghost ghost() {
        return ghost;
    }

    public SimClients clients() {
        return clients;
    }

    public List<SimNode> nodes() {
        return nodes;
    }

    public SimNode node(int number) {
        return nodes.get(number - 1);
    }

    public List<NodeId> ids() {
        return ids;
    }

    public void prepares(Ballot ballot, long fromSlot) {
        preparedFrom.put(ballot, fromSlot);
    }

    /** Returns the slot from which on a ballot was prepared. */
    public long preparedFrom(Ballot ballot) {
        return preparedFrom.getOrDefault(ballot, 1L);
    }

    /** Number of changes of the leader that is seen to lead. */
    public long leaderChanges() {
        return leaderChanges;
    }

    /** Sets the listener that is told of each life of a node. */
    public void onStart(BiConsumer<SimNode, Node> listener) {
        onStart = listener;
    }

    public void started(SimNode node, Node life) {
        onStart.accept(node, life);
    }

    public void startAll() {
        nodes.forEach(SimNode::start);
    }

    @Override
    protected void checkAfterEvent() {
        Violation violation = ghost.violation();
        if (violation != null) {
            throw violation;
        }
        for (SimNode node : nodes) {
            checkLogTime(node);
        }
    }

    /** SS-2: log time goes at most a tenth faster than time. */
    private void checkLogTime(SimNode node) {
        long logTime = node.logTimeMillis();
        if (firstLogTimeMillis == 0) {
            firstLogTimeMillis = logTime;
        }
        long passed = time.nanos() / STEP_NANOS;
        if (logTime > firstLogTimeMillis + passed + passed / LogTime.SLACK_DIVISOR + 1) {
            throw new Violation(
                    "SS-2",
                    node.id + " has a log time of " + (logTime - firstLogTimeMillis) + " ms after " + passed + " ms");
        }
    }

    /** Runs until something holds; returns how long that took, or -1 if it does not hold by the deadline. */
    public long runUntilTrue(long mostNanos, BooleanSupplier condition) {
        return runUntilTrue(mostNanos, STEP_NANOS, condition);
    }

    /** After each turn of an agent of a node. */
    public void afterEach(SimNode node) {
        node.checkQueue();
        NodeId leader = leader();
        if (leader != null && !leader.equals(lastLeader)) {
            leaderChanges++;
            lastLeader = leader;
            trace(leader, () -> "leads");
        }
    }

    /** Returns the node that leads in the highest ballot; null if none does. */
    @Nullable
    public NodeId leader() {
        ReplicaStatus highest = null;
        NodeId leader = null;
        for (SimNode node : nodes) {
            ReplicaStatus status = node.status();
            if (status != null
                    && status.role() == Role.LEADER
                    && (highest == null || status.ballot().isAbove(highest.ballot()))) {
                highest = status;
                leader = node.id;
            }
        }
        return leader;
    }

    public void note(NodeId node, String event) {
        note(event);
        trace(node, () -> event);
    }
}
