package io.loggos.paxos.sim;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.Node;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.paxos.runtime.loop.NodeLoop;
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
    private final List<SimLog> logs = new ArrayList<>();
    private final Map<LogId, Ghost> ghosts = new TreeMap<>();
    private final FenceWatch fences = new FenceWatch(this);
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<NodeId> ids = new ArrayList<>();
    private final List<NodeId> founders;
    private int newcomers;
    private final SimClients clients;
    private BiConsumer<SimNode, Node> onStart = (node, started) -> {};

    public SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        super(random.split(), LEAST_DELAY_NANOS, settings.mostDelayNanos(), tracing);
        this.settings = settings;
        for (int i = 0; i < settings.logs(); i++) {
            SimLog log = new SimLog(i, settings.nodes());
            logs.add(log);
            ghosts.put(log.id(), log.ghost());
        }
        for (int i = 1; i <= settings.nodes(); i++) {
            ids.add(NodeId.of(i));
        }
        founders = List.copyOf(ids);
        ids.forEach(id -> nodes.add(new SimNode(this, id, random.split())));
        clients = new SimClients(this, random.split());
    }

    public SimSettings settings() {
        return settings;
    }

    /** The logs that all nodes replicate. */
    public List<SimLog> logs() {
        return logs;
    }

    /** The ghosts of all logs. */
    Map<LogId, Ghost> ghosts() {
        return ghosts;
    }

    /** The ghost of the first log. */
    public Ghost ghost() {
        return logs.get(0).ghost();
    }

    FenceWatch fences() {
        return fences;
    }

    public SimClients clients() {
        return clients;
    }

    public List<SimNode> nodes() {
        return nodes;
    }

    /** The nodes that are part of the cluster: those whose stores are members of the first log. */
    public List<SimNode> members() {
        return nodes.stream()
                .filter(node -> ghost().voters().isMember(node.id.value()))
                .toList();
    }

    /** The nodes that form the cluster. */
    public List<NodeId> founders() {
        return founders;
    }

    /** Notes that so many nodes may join. */
    public void expectNewcomers(int count) {
        newcomers = count;
    }

    /** The most nodes that there will be. */
    int mostNodes() {
        return founders.size() + newcomers;
    }

    /** The least number of the last configuration over all logs: what all of them have come to. */
    public long configurationOfAll() {
        return logs.stream()
                .mapToLong(log -> log.ghost().voters().number())
                .min()
                .orElse(0);
    }

    /** Adds a node that joins the cluster. It is not started yet. */
    public SimNode add(JoinOptions join, SplittableRandom random) {
        NodeId id = NodeId.of(nodes.size() + 1);
        ids.add(id);
        SimNode node = new SimNode(this, id, random);
        node.joins(join);
        nodes.add(node);
        return node;
    }

    public SimNode node(int number) {
        return nodes.get(number - 1);
    }

    public List<NodeId> ids() {
        return ids;
    }

    /** Number of changes of the leader of the first log that is seen to lead. */
    public long leaderChanges() {
        return logs.get(0).leaderChanges();
    }

    /** All changes of leaders. */
    long allLeaderChanges() {
        return logs.stream().mapToLong(SimLog::leaderChanges).sum();
    }

    /** Sets the listener that is told of each life of a node. */
    public void onStart(BiConsumer<SimNode, Node> listener) {
        onStart = listener;
    }

    public void started(SimNode node, Node life) {
        onStart.accept(node, life);
    }

    public void startAll() {
        if (logs.size() > 1) {
            note("several logs on a node");
        }
        nodes.forEach(SimNode::start);
    }

    @Override
    protected void checkAfterEvent() {
        fences.check();
        for (SimLog log : logs) {
            if (settings.leases()) {
                log.checkLeases(nodes);
            }
            Violation violation = log.ghost().violation();
            if (violation != null) {
                throw violation;
            }
        }
        for (SimNode node : nodes) {
            node.replicas().forEach(replica -> replica.log().checkLogTime(replica, time.nanos()));
        }
    }

    /** Runs until something holds; returns how long that took, or -1 if it does not hold by the deadline. */
    public long runUntilTrue(long mostNanos, BooleanSupplier condition) {
        return runUntilTrue(mostNanos, STEP_NANOS, condition);
    }

    /** After each turn of an agent of a node. */
    void afterEach(SimNode node, String agent) {
        node.checkBounds();
        if (agent.equals(NodeLoop.NAME)) {
            logs.forEach(this::seeLeader);
        }
    }

    private void seeLeader(SimLog log) {
        NodeId leader = leader(log);
        if (leader != null && log.leads(leader)) {
            trace(leader, () -> "leads " + log);
        }
    }

    /** Returns the node that leads the first log in the highest ballot; null if none does. */
    @Nullable
    public NodeId leader() {
        return leader(logs.get(0));
    }

    /** Returns the node that leads a log in the highest ballot; null if none does. */
    @Nullable
    NodeId leader(SimLog log) {
        int number = logs.indexOf(log);
        ReplicaStatus highest = null;
        NodeId leader = null;
        for (SimNode node : nodes) {
            ReplicaStatus status = node.replicas().get(number).status();
            if (status != null
                    && status.role() == Role.LEADER
                    && log.ghost().voters().isMember(node.id.value())
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
